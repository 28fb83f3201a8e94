import type { Versioned } from "../../domain/device.ts";

/** How a value and its revision are written in one field: `17 {"…":…}`. Scripts compare the revision. */
export function encodeVersioned(value: unknown, revision: number): string {
  return `${revision} ${JSON.stringify(value)}`;
}

/** Reads what {@link encodeVersioned} wrote. */
export function decodeVersioned<T>(text: string): Versioned<T> {
  const space = text.indexOf(" ");
  return { value: JSON.parse(text.slice(space + 1)) as T, revision: Number(text.slice(0, space)) };
}
