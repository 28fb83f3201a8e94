import type { Device } from "../domain/device.ts";
import { formatMacAddress } from "../domain/mac-address.ts";
import { fold } from "./fold.ts";

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
