/** Display name of every vendor that is told from its requests, in the list of compatible devices or not. */
const vendorNames = {
  yealink: "Yealink",
  poly: "Poly",
  cisco: "Cisco",
  audiocodes: "AudioCodes",
  grandstream: "Grandstream",
  snom: "Snom",
  gigaset: "Gigaset",
  spectralink: "Spectralink",
  fanvil: "Fanvil",
  panasonic: "Panasonic",
  algo: "Algo",
  ascom: "Ascom",
  "alcatel-lucent": "Alcatel-Lucent Enterprise",
  "2n": "2N",
} as const;

/** A maker of phones. */
export type Vendor = keyof typeof vendorNames;

/** The vendors whose phones are served. */
export type ServedVendor = "yealink" | "poly" | "cisco" | "audiocodes";

/** All vendors, for look-ups by name. */
export const vendors = Object.keys(vendorNames) as readonly Vendor[];

/** The name people know the vendor by. */
export function vendorName(vendor: Vendor): string {
  return vendorNames[vendor];
}

/** The vendor that people know by this name; undefined when none is. */
export function vendorNamed(name: string | null): Vendor | undefined {
  return vendors.find((vendor) => vendorNames[vendor] === name);
}
