import { call } from "../../api/call.ts";
import type { Device } from "../../api/types.ts";
import { downloadCsv, downloadText } from "../../parts/download-csv.ts";

const fileName = "verification-codes.csv";
const csvType = "text/csv;charset=utf-8";
/** By which spreadsheets know UTF-8. */
const byteOrderMark = "\uFEFF";

/** Saves all codes that can be dialled, as the gateway exports them. @throws ApiError */
export async function exportAllCodes(): Promise<void> {
  const csv = await call<string>("/verification-codes/export.csv");
  downloadText(fileName, csvType, `${byteOrderMark}${csv}`);
}

/** Saves the codes of these devices, in the form of the gateway's export. */
export function exportCodesOf(devices: readonly Device[]): void {
  downloadCsv<Device>(
    fileName,
    [
      { header: "MAC id", value: ({ macAddress }) => macAddress },
      { header: "Location", value: ({ location }) => location },
      {
        header: "Verification code",
        value: ({ verificationCode }) => verificationCode?.code ?? "",
      },
      { header: "Expires", value: ({ verificationCode }) => verificationCode?.expiresAt ?? "" },
    ],
    devices.filter(({ verificationCode }) => verificationCode !== null),
  );
}

/** Saves the file to fill in that is served at `path`. @throws ApiError */
export async function downloadTemplate(path: string, name: string): Promise<void> {
  downloadText(name, csvType, `${byteOrderMark}${await call<string>(path)}`);
}

/** Saves a bulk sign-in's file with these devices, their users to be filled in. */
export function downloadBulkSignInFile(devices: readonly Device[]): void {
  downloadCsv<Device>(
    "bulk-sign-in.csv",
    [
      { header: "Username", value: () => "" },
      { header: "HardwareId", value: ({ macAddress }) => macAddress },
      { header: "Location", value: ({ location }) => location },
    ],
    devices,
  );
}
