import type { Page } from "./device.ts";
import type { MacAddress } from "./mac-address.ts";
import type { TenantId } from "./tenant.ts";

/** What can happen to a device; the words of its history. */
export type DeviceEventKind =
  | "added"
  | "changed"
  | "deleted"
  | "reset"
  | "configuration-fetched"
  | "configuration-refused"
  | "registered"
  | "unregistered"
  | "refused"
  | "code-generated"
  | "code-wrong"
  | "code-expired"
  | "code-locked"
  | "enrolled"
  | "notified"
  | "sign-in-started"
  | "sign-in-failed"
  | "signed-in"
  | "signed-out"
  | "feature-code"
  | "off-boarding-near"
  | "off-boarded"
  | "policy-synced"
  | "command";

/** One line of a device's history. */
export interface DeviceEvent {
  readonly tenantId: TenantId;
  readonly macAddress: MacAddress;
  readonly atMilliseconds: number;
  readonly kind: DeviceEventKind;
  /** A sentence for an administrator; never a code, password or secret. */
  readonly text: string;
  /** Who did it: an administrator's name, `phone`, `gateway`, or `unknown` where nobody proved who he is. */
  readonly actor: string;
}

/** How many events are kept for a device; the oldest go first. */
export const eventsKeptPerDevice = 500;

/** Where histories are kept. */
export interface HistoryStore {
  append(event: DeviceEvent): Promise<void>;
  /** Newest first. */
  list(
    tenantId: TenantId,
    macAddress: MacAddress,
    page: { readonly limit: number; readonly cursor?: string },
  ): Promise<Page<DeviceEvent>>;
}
