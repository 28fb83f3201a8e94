import { setImmediate } from "node:timers/promises";
import { readLocation } from "./add-device.ts";
import type { ImportResult } from "./import-devices.ts";
import { formatMacAddress, readMacAddress } from "./mac-address.ts";
import { type ImportLine, type RejectedLine, readImportFile } from "./read-import-file.ts";
import type { Stores } from "./stores.ts";
import type { TenantId } from "./tenant.ts";

/** A line that would be taken, and what would become of it. */
export interface PreviewedLine {
  /** Counted from 1, the header included. */
  readonly line: number;
  /** As people read it: `80:5e:c0:aa:bb:cc`. */
  readonly macAddress: string;
  readonly location: string;
  /** `unchanged`: an administrator has entered the device before. */
  readonly outcome: "added" | "unchanged";
}

/** What would become of a file. */
export type ImportPreview = ImportResult & { readonly lines: readonly PreviewedLine[] };

const linesAtOnce = 200;

/**
 * Judges every line of a CSV file (`MAC id,Location`) as an import would, and writes nothing.
 * @throws ImportFileError when the file has no such header, is no CSV, or has too many lines
 */
export async function previewImport(
  { devices }: Pick<Stores, "devices">,
  tenantId: TenantId,
  csv: string,
): Promise<ImportPreview> {
  const { lines, rejected } = await readImportFile(csv);
  const previewed: PreviewedLine[] = [];
  for (let start = 0; start < lines.length; start += linesAtOnce) {
    const batch = lines.slice(start, start + linesAtOnce);
    const judged = await Promise.all(batch.map((line) => judgeLine(devices, tenantId, line)));
    for (const line of judged) {
      if ("outcome" in line) previewed.push(line);
      else rejected.push(line);
    }
    // Phones get their turn between two batches, also where the store answers at once.
    await setImmediate();
  }
  rejected.sort((left, right) => left.line - right.line);
  const added = previewed.filter(({ outcome }) => outcome === "added").length;
  return { added, unchanged: previewed.length - added, rejected, lines: previewed };
}

async function judgeLine(
  devices: Stores["devices"],
  tenantId: TenantId,
  { line, macAddress: written, location: place }: ImportLine,
): Promise<PreviewedLine | RejectedLine> {
  const reading = readMacAddress(written);
  if (!reading.ok) return { line, value: written, reason: reading.reason };
  const location = readLocation(place);
  if (!location.ok) return { line, value: written, reason: location.reason };
  const found = await devices.find(tenantId, reading.macAddress);
  const isEntered = found !== undefined && found.value.state !== "seen";
  return {
    line,
    macAddress: formatMacAddress(reading.macAddress),
    location: location.text,
    outcome: isEntered ? "unchanged" : "added",
  };
}
