/** A setting's name and value. Undefined leaves the setting out, so that the phone keeps what it has. */
export type Setting = readonly [name: string, value: string | number | boolean | undefined];

/**
 * A value on one line: line ends, control and bidirectional characters become spaces, so that a
 * display name can neither start a new setting nor hide one; numbers as they are, booleans as 1 and 0.
 */
export function lineValue(value: string | number | boolean): string {
  if (typeof value === "boolean") return value ? "1" : "0";
  return String(value)
    .replaceAll(/[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]+/g, " ")
    .toWellFormed()
    .trim();
}

/** Writes `name<separator>value` lines. */
export function settingLines(settings: readonly Setting[], separator: string): string {
  let text = "";
  for (const [name, value] of settings) {
    if (value !== undefined) text += `${name}${separator}${lineValue(value)}\n`;
  }
  return text;
}
