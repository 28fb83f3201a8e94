import type { TFunction } from "i18next";
import type { Device } from "../../api/types.ts";
import { downloadCsv } from "../../parts/download-csv.ts";
import type { DeviceColumn } from "./device-columns.tsx";

/** Has the browser save these devices as a CSV file: every column, times as RFC 3339. */
export function exportDevices(
  t: TFunction,
  columns: readonly DeviceColumn[],
  devices: readonly Device[],
): void {
  const csvColumns = columns.map(({ label, csvValue }) => ({ header: label, value: csvValue }));
  const day = new Date().toISOString().slice(0, 10);
  downloadCsv(`${t("devices.fileName")}-${day}.csv`, csvColumns, devices);
}
