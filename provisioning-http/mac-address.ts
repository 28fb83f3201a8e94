import type { Vendor } from "./vendor.ts";

/** Source of a regular expression, with one group: a MAC in any case, with colons, dashes or nothing between the octets. */
export const macPattern = "([0-9a-f]{2}(?:[:-]?[0-9a-f]{2}){5})";

const wholeMac = new RegExp(`^${macPattern}$`, "i");
const macWithin = new RegExp(`(?<![0-9a-f])${macPattern}(?![0-9a-f])`, "i");

/** A MAC of all zeros stands for "any phone" in file names of Poly and Yealink. */
const anyPhone = "000000000000";

/** Reads `80:5E:C0:AA:BB:CC`, `80-5e-c0-aa-bb-cc` or `805ec0aabbcc`; 12 lower-case hex digits or undefined. */
export function parseMac(text: string): string | undefined {
  const digits = text.trim().toLowerCase();
  return wholeMac.test(digits) ? normalize(digits) : undefined;
}

/** The first MAC within a file name or a User-Agent, e.g. in `cfg000b82aabbcc.xml`; the all-zero one counts as none. */
export function findMac(text: string): string | undefined {
  const mac = macWithin.exec(text)?.[1];
  return mac === undefined ? undefined : normalize(mac);
}

function normalize(mac: string): string | undefined {
  const digits = mac.replaceAll(/[:-]/g, "").toLowerCase();
  return digits === anyPhone ? undefined : digits;
}

const prefixes: ReadonlyMap<string, Vendor> = new Map(
  (
    [
      ["yealink", "001565 805ec0 805e0c 249ad8 3497d7 44dbd2 644f56 c4fc22 e434d7"],
      ["poly", "0004f2 64167f 482567"],
      ["cisco", "001873 a44c11 0021a0 30e4db 00562b"],
      ["audiocodes", "00908f"],
      ["grandstream", "000b82 c074ad ec74d7"],
      ["snom", "000413"],
      ["gigaset", "7c2f80 589ec6"],
      ["fanvil", "0c383e"],
      ["panasonic", "0080f0 bcc342"],
    ] satisfies [Vendor, string][]
  ).flatMap(([vendor, list]) => list.split(" ").map((prefix) => [prefix, vendor] as const)),
);

/** The vendor whose phones were seen with this prefix. A hint, never proof: vendors own many more. */
export function vendorByMacPrefix(mac: string): Vendor | undefined {
  return prefixes.get(mac.slice(0, 6));
}
