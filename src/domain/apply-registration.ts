import type { Binding, BindingFlow } from "./binding.ts";
import type { MacAddress } from "./mac-address.ts";
import type { TenantId } from "./tenant.ts";

/** Expiries that the gateway grants, in seconds (RFC 3261 §10.3 step 7). */
export interface RegistrationLimits {
  /** For a phone that asks for none. */
  readonly defaultExpiresSeconds: number;
  /** Shorter is answered 423. */
  readonly leastExpiresSeconds: number;
  /** Longer is shortened: under an hour, so that a policy change reaches the phone within the hour. */
  readonly mostExpiresSeconds: number;
  /** Bindings an AOR can have; the stalest goes when there are more. */
  readonly mostBindings: number;
}

/** The limits of CONTRACT: at most 3,300 s, default 1,800, least 60. */
export const registrationLimits: RegistrationLimits = {
  defaultExpiresSeconds: 1800,
  leastExpiresSeconds: 60,
  mostExpiresSeconds: 3300,
  mostBindings: 10,
};

/**
 * Within this time of the last refresh a lower CSeq is an old request that came late (64 × T1);
 * after it, it is a phone that rebooted, kept its Call-ID and counts anew, and is let in.
 */
export const outOfOrderWindowMilliseconds = 32_000;

/** One Contact of a REGISTER. */
export interface RequestedContact {
  /** The URI as text, without header parameters. */
  readonly uri: string;
  /** The `expires` parameter, or undefined. */
  readonly expiresSeconds: number | undefined;
  readonly q: number;
  readonly instanceId: string | null;
  readonly regId: number | null;
}

/** A REGISTER whose sender has been authenticated as the AOR's owner. */
export interface RegistrationRequest {
  readonly tenantId: TenantId;
  readonly aor: string;
  readonly callId: string;
  readonly cseq: number;
  /** `"*"` removes all bindings. */
  readonly contacts: readonly RequestedContact[] | "*";
  /** The Expires header, or undefined. */
  readonly expiresSeconds: number | undefined;
  readonly path: readonly string[];
  readonly flow: BindingFlow;
  readonly nodeId: string;
  readonly userAgent: string;
  readonly macAddress: MacAddress | null;
}

/** What becomes of an AOR's bindings. Undefined `bindings`: they stay as they are. */
export type RegistrationDecision =
  | {
      readonly outcome: "accepted";
      readonly bindings: readonly Binding[];
      readonly added: number;
      readonly removed: number;
    }
  | {
      readonly outcome: "fetched";
      readonly bindings: undefined;
      readonly current: readonly Binding[];
    }
  | { readonly outcome: "too-brief"; readonly bindings: undefined; readonly leastSeconds: number }
  | { readonly outcome: "bad-wildcard"; readonly bindings: undefined }
  | { readonly outcome: "out-of-order"; readonly bindings: undefined };

/**
 * Steps 6 to 8 of RFC 3261 §10.3 as a pure rule: all Contacts of the request are applied, or none.
 * @param current the AOR's live bindings
 * @param sameUri whether two Contact URIs are the same (RFC 3261 §19.1.4)
 */
export function applyRegistration(
  current: readonly Binding[],
  request: RegistrationRequest,
  nowMilliseconds: number,
  limits: RegistrationLimits,
  sameUri: (left: string, right: string) => boolean,
): RegistrationDecision {
  if (request.contacts === "*") return removeAll(current, request, nowMilliseconds);
  if (request.contacts.length === 0) return { outcome: "fetched", bindings: undefined, current };

  const next = [...current];
  let added = 0;
  let removed = 0;
  for (const contact of request.contacts) {
    const granted = grantedSeconds(contact, request, limits);
    if (granted === "too-brief") {
      return {
        outcome: "too-brief",
        bindings: undefined,
        leastSeconds: limits.leastExpiresSeconds,
      };
    }
    const index = next.findIndex((binding) => isSameBinding(binding, contact, sameUri));
    const former = next[index];
    if (former !== undefined && isOutOfOrder(former, request, nowMilliseconds)) {
      return { outcome: "out-of-order", bindings: undefined };
    }
    if (former !== undefined) next.splice(index, 1);
    if (granted === 0) {
      if (former !== undefined) removed++;
      continue;
    }
    if (former === undefined) added++;
    next.push(newBinding(request, contact, granted, former, nowMilliseconds));
  }
  return { outcome: "accepted", bindings: withinLimit(next, limits), added, removed };
}

function removeAll(
  current: readonly Binding[],
  request: RegistrationRequest,
  nowMilliseconds: number,
): RegistrationDecision {
  if (request.expiresSeconds !== 0) return { outcome: "bad-wildcard", bindings: undefined };
  if (current.some((binding) => isOutOfOrder(binding, request, nowMilliseconds))) {
    return { outcome: "out-of-order", bindings: undefined };
  }
  return { outcome: "accepted", bindings: [], added: 0, removed: current.length };
}

function grantedSeconds(
  contact: RequestedContact,
  request: RegistrationRequest,
  limits: RegistrationLimits,
): number | "too-brief" {
  const asked = contact.expiresSeconds ?? request.expiresSeconds ?? limits.defaultExpiresSeconds;
  if (asked === 0) return 0;
  if (asked < limits.leastExpiresSeconds) return "too-brief";
  return Math.min(asked, limits.mostExpiresSeconds);
}

/** RFC 5626 §6: instance and reg-id name a binding where the phone gave both; else the URI does. */
function isSameBinding(
  binding: Binding,
  contact: RequestedContact,
  sameUri: (left: string, right: string) => boolean,
): boolean {
  if (contact.instanceId !== null && contact.regId !== null) {
    return binding.instanceId === contact.instanceId && binding.regId === contact.regId;
  }
  return binding.contact === contact.uri || sameUri(binding.contact, contact.uri);
}

/** An equal CSeq is the same request again (answered again, changing nothing), a lower one is late. */
function isOutOfOrder(
  former: Binding,
  request: RegistrationRequest,
  nowMilliseconds: number,
): boolean {
  return (
    former.callId === request.callId &&
    request.cseq < former.cseq &&
    nowMilliseconds - former.refreshedAtMilliseconds < outOfOrderWindowMilliseconds
  );
}

function newBinding(
  request: RegistrationRequest,
  contact: RequestedContact,
  grantedExpiresSeconds: number,
  former: Binding | undefined,
  nowMilliseconds: number,
): Binding {
  return {
    tenantId: request.tenantId,
    aor: request.aor,
    contact: contact.uri,
    instanceId: contact.instanceId,
    regId: contact.regId,
    callId: request.callId,
    cseq: request.cseq,
    q: contact.q,
    path: request.path,
    flow: request.flow,
    nodeId: request.nodeId,
    userAgent: request.userAgent,
    macAddress: request.macAddress,
    registeredAtMilliseconds: former?.registeredAtMilliseconds ?? nowMilliseconds,
    refreshedAtMilliseconds: nowMilliseconds,
    expiresAtMilliseconds: nowMilliseconds + grantedExpiresSeconds * 1000,
  };
}

/** Drops the stalest bindings, so that a phone that came back is never the one shut out. */
function withinLimit(bindings: readonly Binding[], limits: RegistrationLimits): readonly Binding[] {
  if (bindings.length <= limits.mostBindings) return bindings;
  return [...bindings]
    .sort((left, right) => right.refreshedAtMilliseconds - left.refreshedAtMilliseconds)
    .slice(0, limits.mostBindings);
}
