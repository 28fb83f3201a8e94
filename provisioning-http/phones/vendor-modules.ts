import type { ServedVendor, Vendor } from "../vendor.ts";
import { audiocodes } from "./audiocodes.ts";
import { cisco } from "./cisco.ts";
import { poly } from "./poly.ts";
import type { NotifyEvents, VendorModule } from "./vendor-module.ts";
import { yealink } from "./yealink.ts";

/** The module of each vendor that is served. */
export const vendorModules: Readonly<Record<ServedVendor, VendorModule>> = {
  yealink,
  poly,
  cisco,
  audiocodes,
};

/** The module of a vendor; undefined when it is not served. */
export function vendorModule(vendor: Vendor | undefined): VendorModule | undefined {
  return Object.values(vendorModules).find((module) => module.vendor === vendor);
}

/** What most phones act upon, for a vendor that is unknown or not served. */
const usualEvents: NotifyEvents = {
  resync: "check-sync;reboot=false",
  restart: "check-sync;reboot=true",
};

/** The Event header field values of the NOTIFY that makes this vendor's phones fetch their configuration, or restart. */
export function notifyEvents(vendor: Vendor | undefined): NotifyEvents {
  return vendorModule(vendor)?.events ?? usualEvents;
}
