/** A CSV file as Playwright's `setInputFiles` takes it. */
export function csvFile(lines: readonly string[]) {
  return { name: "devices.csv", mimeType: "text/csv", buffer: Buffer.from(lines.join("\r\n")) };
}
