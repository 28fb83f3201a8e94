const replacement = "\uFFFD";

/**
 * The header section as text. SIP is UTF-8 (RFC 3261 §7); what is not is read as ISO 8859-1, which
 * older phones write in display names, so that nothing of it is lost.
 */
export function decodeHead(bytes: Buffer, start: number, end: number): string {
  const text = bytes.toString("utf8", start, end);
  if (!text.includes(replacement)) return text;
  const genuine = Buffer.compare(Buffer.from(text, "utf8"), bytes.subarray(start, end)) === 0;
  return genuine ? text : bytes.toString("latin1", start, end);
}
