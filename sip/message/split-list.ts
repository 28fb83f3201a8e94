import { endOfQuoted } from "./parameters.ts";

/**
 * Takes a comma-separated header value apart (RFC 3261 §7.3.1): at commas outside quoted strings
 * and outside `<>`. Elements are trimmed; what stands in an unterminated quoted string stays whole.
 */
export function splitList(value: string): string[] {
  if (value.indexOf(",") < 0) return [value.trim()];
  const elements: string[] = [];
  let start = 0;
  let inBrackets = false;
  for (let position = 0; position < value.length; position++) {
    const code = value.charCodeAt(position);
    if (code === 34 && !inBrackets) {
      const end = endOfQuoted(value, position, value.length);
      if (end < 0) break;
      position = end - 1;
    } else if (code === 60) inBrackets = true;
    else if (code === 62) inBrackets = false;
    else if (code === 44 && !inBrackets) {
      elements.push(value.slice(start, position).trim());
      start = position + 1;
    }
  }
  elements.push(value.slice(start).trim());
  return elements;
}
