import type { Vendor } from "./vendor.ts";

/**
 * The numbers of a firmware version, most significant first. Reads every vendor's spelling:
 * - Yealink `108.86.0.45`: the first number names the hardware and is left out, so `[86, 0, 45]`; a
 *   bare `83`, as in the list of compatible devices, is the version itself.
 * - Cisco `11.3.5MPP`, `12-0-3MPP`, `sip88xx.12-0-3MPP0001-12`, `PhoneOS 3.3.1`: the first run of numbers.
 * - Poly, AudioCodes and the rest: all numbers in order, e.g. `5.9.5.3182`, `UC_3.4.8.808`.
 *
 * @returns undefined when there is no such number in it.
 */
export function parseFirmwareVersion(vendor: Vendor, text: string): readonly number[] | undefined {
  const run = /(?<![a-z0-9])\d{1,6}(?:[.-]\d{1,6})*/i.exec(text.replace(/^(?:UC|SIP)_/i, ""))?.[0];
  if (run === undefined) return undefined;
  const numbers = run.split(/[.-]/).map(Number);
  return vendor === "yealink" && numbers.length > 1 ? numbers.slice(1) : numbers;
}

/** Whether `version` is less than `least`, compared as far as `least` goes; a missing number counts as 0. */
export function isOlder(version: readonly number[], least: readonly number[]): boolean {
  for (const [position, number] of least.entries()) {
    const difference = (version[position] ?? 0) - number;
    if (difference !== 0) return difference < 0;
  }
  return false;
}
