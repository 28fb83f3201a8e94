import type { ImportPreview, RejectedLine } from "../../api/provision-types.ts";

/** A line of an upload, as the preview shows it. */
export interface PreviewRow {
  readonly line: number;
  readonly macAddress: string;
  readonly location: string;
  readonly outcome: "added" | "unchanged" | "rejected";
  /** Why it is not taken; empty when it is. */
  readonly reason: string;
}

/** Lines that are not taken, as rows. */
export function rejectedRows(rejected: readonly RejectedLine[]): readonly PreviewRow[] {
  return rejected.map(({ line, value, reason }) => ({
    line,
    macAddress: value,
    location: "",
    outcome: "rejected",
    reason,
  }));
}

/** All lines of a judged file, those with faults first. */
export function previewRows({ rejected, lines }: ImportPreview): readonly PreviewRow[] {
  return [...rejectedRows(rejected), ...lines.map((line) => ({ ...line, reason: "" }))];
}
