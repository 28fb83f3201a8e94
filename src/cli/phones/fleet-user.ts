import type { PhoneIdentity } from "../../lab/simulated-phones/phone-identity.ts";
import { macPrefixes } from "../../lab/simulated-phones/phone-models.ts";

/** Who is signed in on a simulated phone. */
export interface FleetUser {
  readonly upn: string;
  readonly displayName: string;
  /** E.164 with a plus. */
  readonly phoneNumber: string;
  readonly password: string;
}

/** The domain of the tenant that a gateway begins with. */
const domain = "contoso.example";

/** Two digits for the MAC address's vendor part and eight for the rest: longer than any American number. */
const numberPrefix = "+1555";

/**
 * The user of a phone, the same in every run: `phone-805ec0000001@contoso.example` with
 * `+15550000000001`, which no real telephone has.
 */
export function fleetUserOf({ macAddress }: PhoneIdentity, password: string): FleetUser {
  const vendorPart = macPrefixes.indexOf(macAddress.slice(0, 6));
  const rest = Number.parseInt(macAddress.slice(6), 16);
  const digits = `${String(vendorPart).padStart(2, "0")}${String(rest).padStart(8, "0")}`;
  return {
    upn: `phone-${macAddress}@${domain}`,
    displayName: `Simulated phone ${rest}`,
    phoneNumber: `${numberPrefix}${digits}`,
    password,
  };
}
