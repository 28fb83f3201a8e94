import { ImportFileError } from "../domain/csv-records.ts";
import type { AdminApp } from "./admin-dependencies.ts";

/**
 * Has every call of a scope take a CSV file in UTF-8 as its body, and nothing else. A file in another
 * encoding is an ImportFileError.
 * @param scope of its own: no other call takes CSV
 */
export function takeCsvOnly(scope: AdminApp, limitBytes: number): void {
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser(
    "text/csv",
    { parseAs: "buffer", bodyLimit: limitBytes },
    async (_request: unknown, body: Buffer) => decode(body),
  );
}

function decode(bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch (error) {
    throw new ImportFileError(
      "The file is not in UTF-8. In a spreadsheet, save it as CSV UTF-8 and import that.",
      { cause: error },
    );
  }
}
