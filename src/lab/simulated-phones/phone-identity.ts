import type { ServedVendor } from "../../../provisioning-http/vendor.ts";

/** What a simulated phone says of itself. */
export interface PhoneIdentity {
  readonly vendor: ServedVendor;
  /** 12 lower-case hex digits. */
  readonly macAddress: string;
  /** As this vendor's phones write it in their User-Agent: `SIP-T46S`, `VVX_450`, `CP-8851-3PCC`, `445HD`. */
  readonly model: string;
  /** As this vendor's phones write it: `66.86.5.1`, `6.4.6.2656`. */
  readonly firmware: string;
}

/** `80:5e:c0:aa:bb:cc`. */
export function macWithColons(macAddress: string): string {
  return macAddress.match(/../g)?.join(":") ?? macAddress;
}
