/**
 * A cell that no spreadsheet takes for a formula: what begins like one gets an apostrophe before
 * it (OWASP, CSV injection).
 */
export function plainCell(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}
