import { type BulkSignInItem, bulkSignInLimits, failedItem } from "./bulk-sign-in.ts";
import { type CsvRecord, columnOf, csvRecords, ImportFileError } from "./csv-records.ts";
import { readMacAddress } from "./mac-address.ts";
import { longestUserPrincipalName, readUserPrincipalName } from "./user-principal-name.ts";

/** The header line of the file that administrators fill in (Microsoft, bulk sign-in). */
export const bulkSignInTemplate = "Username,HardwareId\r\n";

/** What is shown of a cell that is no hardware id, in characters. */
const longestShownHardwareId = 60;

interface Columns {
  readonly count: number;
  readonly username: number;
  readonly hardwareId: number;
}

/**
 * Reads a CSV file with the columns `Username` and `HardwareId`, in any order and case. A line that
 * cannot be read, and each line of a device that stands in several, has failed; the rest is queued.
 * @throws ImportFileError when the file has no such header, is no CSV, or has no line or too many
 */
export async function readBulkSignInFile(csv: string): Promise<readonly BulkSignInItem[]> {
  const items: BulkSignInItem[] = [];
  let columns: Columns | undefined;
  for await (const record of csvRecords(csv)) {
    if (columns === undefined) {
      columns = readHeader(record.record);
      continue;
    }
    if (items.length === bulkSignInLimits.itemsPerBatch) throw tooManyLines();
    items.push(readLine(record, columns));
  }
  if (columns === undefined) throw noHeader();
  if (items.length === 0) {
    throw new ImportFileError("The file names no device: add a line of Username,HardwareId.");
  }
  return refuseDuplicates(items);
}

function readHeader(record: readonly string[]): Columns {
  const username = columnOf(record, "username");
  const hardwareId = columnOf(record, "hardwareid");
  if (username < 0 || hardwareId < 0) throw noHeader();
  return { count: record.length, username, hardwareId };
}

function noHeader(): ImportFileError {
  return new ImportFileError(
    "The first line must name the columns: Username,HardwareId. Download the template and fill it in.",
  );
}

function tooManyLines(): ImportFileError {
  const { itemsPerBatch } = bulkSignInLimits;
  return new ImportFileError(
    `The file has more than ${itemsPerBatch} lines, which is the most of a batch. Split it; nothing was begun.`,
  );
}

function readLine({ record, info }: CsvRecord, columns: Columns): BulkSignInItem {
  const upn = readUserPrincipalName(record[columns.username] ?? "");
  const written = record[columns.hardwareId] ?? "";
  const hardwareId = readMacAddress(written);
  const item: BulkSignInItem = {
    line: info.lines,
    username: upn.ok ? upn.upn : showable(record[columns.username] ?? "", longestUserPrincipalName),
    hardwareId: showable(written, longestShownHardwareId),
    macAddress: hardwareId.ok ? hardwareId.macAddress : null,
    status: "queued",
    code: null,
    reason: null,
    signedInAtMilliseconds: null,
  };
  if (record.length !== columns.count) {
    const reason = `Line malformed: it has ${record.length} columns, the header ${columns.count}.`;
    return failedItem(item, { code: "line-malformed", reason });
  }
  if (!hardwareId.ok) {
    const reason = `Hardware ID malformed: ${hardwareId.reason}`;
    return failedItem(item, { code: "hardware-id-malformed", reason });
  }
  if (!upn.ok) {
    const reason = `Username malformed: ${upn.reason}`;
    return failedItem(item, { code: "username-malformed", reason });
  }
  return item;
}

/** Nobody could tell which line was meant, so none of them is carried out. */
function refuseDuplicates(items: readonly BulkSignInItem[]): readonly BulkSignInItem[] {
  const readable = items.filter(({ macAddress }) => macAddress !== null);
  const itemsOf = Map.groupBy(readable, ({ macAddress }) => macAddress);
  return items.map((item) => {
    const others = (itemsOf.get(item.macAddress) ?? []).filter((other) => other !== item);
    if (item.status === "failed" || others.length === 0) return item;
    const lines = others.map(({ line }) => line).join(", ");
    const reason = `Duplicate device: it stands in line ${lines} as well. Leave one of them and upload the file again.`;
    return failedItem(item, { code: "duplicate-device", reason });
  });
}

/** A hostile cell for people to look at: bounded, nothing in it that moves what stands around it. */
function showable(text: string, longest: number): string {
  return text
    .trim()
    .slice(0, longest)
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Cf}]/gu, "\ufffd");
}
