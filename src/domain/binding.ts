import type { Page } from "./device.ts";
import type { MacAddress } from "./mac-address.ts";
import type { TenantId } from "./tenant.ts";

/** The path on which a registration came (RFC 5626 §2). */
export interface BindingFlow {
  /** Names the flow on its node while it lives. */
  readonly id: string;
  readonly transport: string;
  readonly remoteAddress: string;
  readonly remotePort: number;
}

/** Where an AOR can be reached, until when (RFC 3261 §10). */
export interface Binding {
  readonly tenantId: TenantId;
  /** Canonical: `sip:user@domain`. */
  readonly aor: string;
  /** The Contact URI as the phone gave it, without header parameters. */
  readonly contact: string;
  /** `+sip.instance`, without the angle brackets, or null (RFC 5626 §4.1). */
  readonly instanceId: string | null;
  readonly regId: number | null;
  readonly callId: string;
  readonly cseq: number;
  /** 0 to 1; 1 when the phone named none. */
  readonly q: number;
  readonly path: readonly string[];
  readonly flow: BindingFlow;
  /** The gateway node that holds the flow. */
  readonly nodeId: string;
  readonly userAgent: string;
  readonly macAddress: MacAddress | null;
  /** When this binding first came. */
  readonly registeredAtMilliseconds: number;
  /** When it was last refreshed. */
  readonly refreshedAtMilliseconds: number;
  readonly expiresAtMilliseconds: number;
}

/** What a rule makes of an AOR's bindings; undefined `bindings` leaves them as they are. */
export interface BindingDecision {
  readonly bindings: readonly Binding[] | undefined;
}

/** Which bindings to list, in the order of AOR. */
export interface BindingQuery {
  readonly aor?: string;
  readonly macAddress?: MacAddress;
  readonly limit: number;
  readonly cursor?: string;
  readonly nowMilliseconds: number;
}

/** When a device's registration began and ends. */
export interface DeviceRegistration {
  readonly registeredAtMilliseconds: number;
  readonly expiresAtMilliseconds: number;
}

/** Where bindings are kept. Those that expired are never returned, whether collected yet or not. */
export interface BindingStore {
  /**
   * Reads the AOR's live bindings, asks `decide` what they shall be, and writes that, all or
   * nothing and with no other change between. `decide` is pure and may be called more than once.
   * @returns what `decide` said, once it is durable.
   */
  update<Decision extends BindingDecision>(
    tenantId: TenantId,
    aor: string,
    nowMilliseconds: number,
    decide: (current: readonly Binding[]) => Decision,
  ): Promise<Decision>;
  find(tenantId: TenantId, aor: string, nowMilliseconds: number): Promise<readonly Binding[]>;
  list(tenantId: TenantId, query: BindingQuery): Promise<Page<Binding>>;
  /** The live registration of each of these devices, in the same order; undefined when offline. */
  registrationsOf(
    tenantId: TenantId,
    macAddresses: readonly MacAddress[],
    nowMilliseconds: number,
  ): Promise<readonly (DeviceRegistration | undefined)[]>;
  count(tenantId: TenantId, nowMilliseconds: number): Promise<number>;
  /** How many devices have a live binding. */
  countOnlineDevices(tenantId: TenantId, nowMilliseconds: number): Promise<number>;
  /** Ends every binding of a device. @returns how many there were. */
  removeByDevice(tenantId: TenantId, macAddress: MacAddress): Promise<number>;
  /** Collects bindings that expired before the given time, at most `limit`. @returns how many. */
  removeExpired(beforeMilliseconds: number, limit: number): Promise<number>;
}
