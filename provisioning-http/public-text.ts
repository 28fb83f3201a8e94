/**
 * Text from the network made fit for a log line, a page or a header: what does not print becomes
 * `?`, and it is cut at `maximumCharacters`.
 */
export function publicText(text: string, maximumCharacters: number): string {
  return text.slice(0, maximumCharacters).replaceAll(/[^\x20-\x7e]/g, "?");
}
