/** `text` as a quoted-string (RFC 3261 §25.1). */
export function quote(text: string): string {
  const escaped = /["\\]/.test(text) ? text.replace(/["\\]/g, "\\$&") : text;
  return `"${escaped}"`;
}
