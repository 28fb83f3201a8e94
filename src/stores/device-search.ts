import type { Device } from "../domain/device.ts";
import { formatMacAddress } from "../domain/mac-address.ts";

/** What a search is looked for in: the device's fields that people know, one a line, case folded. */
export function searchTextOf(device: Device): string {
  const fields = [
    device.macAddress,
    formatMacAddress(device.macAddress),
    device.location,
    device.vendor,
    device.model,
    device.upn,
    device.ipAddress,
  ];
  return fold(fields.filter((field) => field !== null).join("\n"));
}

/** A search as it is compared with {@link searchTextOf}: same letters, case folded. */
export function fold(text: string): string {
  return text.normalize("NFC").toLowerCase();
}
