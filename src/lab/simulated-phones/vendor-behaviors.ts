import type { ServedVendor } from "../../../provisioning-http/vendor.ts";
import { audiocodesBehavior } from "./audiocodes-behavior.ts";
import { ciscoBehavior } from "./cisco-behavior.ts";
import { polyBehavior } from "./poly-behavior.ts";
import type { VendorBehavior } from "./vendor-behavior.ts";
import { yealinkBehavior } from "./yealink-behavior.ts";

/** How the phones of each vendor behave. */
export const vendorBehaviors: Readonly<Record<ServedVendor, VendorBehavior>> = {
  yealink: yealinkBehavior,
  poly: polyBehavior,
  cisco: ciscoBehavior,
  audiocodes: audiocodesBehavior,
};
