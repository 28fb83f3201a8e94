import type { ServedVendor } from "../../../provisioning-http/vendor.ts";
import type { PhoneIdentity } from "./phone-identity.ts";

interface VendorModels {
  /** The first six digits of MAC addresses that this vendor's phones were seen with. */
  readonly macPrefixes: readonly string[];
  /** Models that are compatible, with firmware that is approved for them. */
  readonly models: readonly { readonly model: string; readonly firmware: string }[];
}

const modelsOf: Readonly<Record<ServedVendor, VendorModels>> = {
  yealink: {
    macPrefixes: ["805ec0", "001565", "249ad8"],
    models: [
      { model: "SIP-T46S", firmware: "66.86.5.1" },
      { model: "SIP-T54W", firmware: "96.86.5.1" },
      { model: "SIP-T43U", firmware: "108.86.5.1" },
    ],
  },
  poly: {
    macPrefixes: ["64167f", "0004f2", "482567"],
    models: [
      { model: "VVX_450", firmware: "6.4.6.2656" },
      { model: "VVX_411", firmware: "6.4.6.2640" },
      { model: "Edge_E450", firmware: "8.2.2.1176" },
    ],
  },
  cisco: {
    macPrefixes: ["00562b", "a44c11", "0021a0"],
    models: [
      { model: "CP-8851-3PCC", firmware: "12-0-3MPP" },
      { model: "CP-7841-3PCC", firmware: "12-0-3MPP" },
    ],
  },
  audiocodes: {
    macPrefixes: ["00908f"],
    models: [
      { model: "405HD", firmware: "2.2.16.681" },
      { model: "445HD", firmware: "3.4.8.808" },
    ],
  },
};

/** The vendors that phones are simulated of, in the order in which a fleet mixes them. */
export const simulatedVendors: readonly ServedVendor[] = ["yealink", "poly", "cisco", "audiocodes"];

/** The first six digits of every MAC address that a simulated phone has; new ones come last. */
export const macPrefixes: readonly string[] = Object.values(modelsOf).flatMap(
  (models) => models.macPrefixes,
);

/** The last three octets of a MAC address count up, so there are that many phones of a prefix. */
const phonesAtMost = 2 ** 24;

/**
 * Phones that are the same in every run: the n-th has the n-th vendor in turn, one of its models
 * and prefixes, and n as the rest of its MAC address.
 *
 * @param count how many
 * @param first number of the first one, from 1
 * @throws RangeError past the last MAC address of a prefix
 */
export function planPhones(
  count: number,
  first: number,
  vendors: readonly ServedVendor[] = simulatedVendors,
): PhoneIdentity[] {
  if (first + count > phonesAtMost) {
    throw new RangeError(`phones are numbered from 1 to ${phonesAtMost - 1}`);
  }
  return Array.from({ length: count }, (_, index) => planPhone(first + index, vendors));
}

function planPhone(number: number, vendors: readonly ServedVendor[]): PhoneIdentity {
  const vendor = pick(vendors, number - 1);
  const round = Math.floor((number - 1) / vendors.length);
  const { macPrefixes, models } = modelsOf[vendor];
  const macAddress = pick(macPrefixes, round) + number.toString(16).padStart(6, "0");
  return { vendor, macAddress, ...pick(models, round) };
}

function pick<Item>(items: readonly Item[], number: number): Item {
  const item = items[number % items.length];
  if (item === undefined) throw new RangeError("there is nothing to pick from");
  return item;
}
