import type { ImportLine } from "../../api/provision-types.ts";

/** Lines that are saved by one call: few enough that the progress moves. */
const linesInPart = 500;

/** A piece of an import, as a file of its own. */
export interface ImportPart {
  readonly lines: readonly ImportLine[];
  readonly csv: string;
}

/** The lines of a judged file that add a device, in pieces that are saved one after the other. */
export function importParts(lines: readonly ImportLine[]): readonly ImportPart[] {
  const wanted = lines.filter(({ outcome }) => outcome === "added");
  const parts: ImportPart[] = [];
  for (let start = 0; start < wanted.length; start += linesInPart) {
    const part = wanted.slice(start, start + linesInPart);
    parts.push({ lines: part, csv: partText(part) });
  }
  return parts;
}

/** Nothing is put in front of what looks like a formula: the gateway reads it, no spreadsheet. */
function partText(lines: readonly ImportLine[]): string {
  const rows = lines.map(
    ({ macAddress, location }) => `${macAddress},"${location.replaceAll('"', '""')}"\r\n`,
  );
  return `MAC id,Location\r\n${rows.join("")}`;
}
