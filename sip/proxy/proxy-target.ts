import type { SipRequest, SipResponse } from "../message/sip-message.ts";
import type { Flow } from "../transport/flow.ts";
import type { FlowTarget } from "../transport/transport-layer.ts";

/** Where one copy of a request goes (RFC 3261 §16.5). */
export interface ProxyTarget {
  /** The copy's Request-URI: a binding's Contact, or an outside number's address. */
  readonly uri: string;
  /** The flow that the binding was registered by. Used while it is open. */
  readonly flow?: Flow;
  /** Where to send when there is no open flow; else the first of `routes`, or `uri`, is resolved. */
  readonly hop?: FlowTarget;
  /** Route values of the copy, first hop first (a registration's Path). */
  readonly routes?: readonly string[];
  /** A registered phone: where it cannot be reached, that is a 480, and no failure of a server. */
  readonly registered?: boolean;
}

/**
 * Who wants to know what becomes of a forwarded request. Every call comes after the fact, and may
 * come before `forward` has returned.
 */
export interface ForwardObserver {
  /** A provisional response other than 100 went upstream. */
  onProvisional?(response: SipResponse, target: ProxyTarget): void;
  /**
   * The first final response went upstream, once.
   *
   * @param target whose response it was; undefined for one made by the proxy
   */
  onFinal?(response: SipResponse, target: ProxyTarget | undefined): void;
  /** The caller gave up; the final response, mostly 487, still comes. */
  onCancelled?(): void;
  /** Nobody answered a request other than INVITE in time; no response goes upstream (RFC 4320). */
  onUnanswered?(): void;
}

/** What came of the targets of one attempt, none of which answered with 2xx or 6xx. */
export interface FailedAttempt {
  /** They were given up because `patienceMilliseconds` were over. */
  readonly timedOut: boolean;
  /** The best of their final responses (RFC 3261 §16.7 step 6); 480 where there was no target. */
  readonly status: number;
}

/** Targets of a request, and where it goes when they do not take it. */
export interface ForwardAttempt {
  /**
   * Tried group after group until one answers with 2xx or 6xx; the targets of a group all at once
   * (q-values: the highest first). Empty: 480.
   */
  readonly targetGroups: readonly (readonly ProxyTarget[])[];
  /** How long all groups together may take before they are cancelled. Absent: as long as Timer C allows. */
  readonly patienceMilliseconds?: number;
  /** Asked where the request goes on before a failure goes upstream; undefined: nowhere. */
  readonly onward?: (failed: FailedAttempt) => Promise<ForwardAttempt | undefined>;
}

/** How a request is forwarded. */
export interface ForwardOptions extends ForwardAttempt {
  /** Changes a copy just before it is sent: identity headers, credentials that end here. */
  readonly prepare?: (copy: SipRequest, target: ProxyTarget) => void;
  readonly observer?: ForwardObserver;
}

/** A request that is being forwarded. */
export interface ForwardHandle {
  /**
   * Gives up every branch, as if the caller had sent CANCEL: mostly 487 goes upstream.
   *
   * @param reason the value of a Reason header for the CANCELs (RFC 3326)
   */
  cancel(reason?: string): void;
}
