import { classifyDialedNumber } from "../../domain/classify-dialed-number.ts";
import type { Tenant } from "../../domain/tenant.ts";
import type { Forwarding, User } from "../../domain/user.ts";
import type { Callee, CalleeDirectory } from "./callee-directory.ts";
import type { CallingRights } from "./calling-rights.ts";

/** How often one call is forwarded at most; then the last user's phones ring, and nothing more. */
const mostForwardings = 5;

type FoundUser = Extract<Callee, { kind: "user" }>;

/** A user whose phones are rung. */
export interface RungUser {
  readonly user: User;
  readonly aor: string;
  /** UPNs of the caller and of all whom the call has been for, this user included: it goes back to none. */
  readonly trail: readonly string[];
}

/** Where a call to a user goes. */
export type UserCallRoute =
  | ({ readonly to: "user" } & RungUser)
  /** Forwarded to a number that is nobody's here. */
  | { readonly to: "number"; readonly number: string }
  | { readonly to: "nobody"; readonly status: 480 | 486; readonly reason: string };

/** What a call is, as far as its route depends on it. */
export interface RoutedCall {
  /** It asks for the user's attention: an INVITE that replaces no dialog of his (RFC 3891). */
  readonly rings: boolean;
  /** As a rung user's; at first the caller alone. */
  readonly trail: readonly string[];
}

/**
 * Decides where a call to a user goes: to his phones, to whom he forwards as far as his policy
 * allows it, or nowhere while he does not want to be disturbed, or is in a call and his policy has
 * `busyOnBusy`. A call that is forwarded goes back to nobody it has been for, so no two users who
 * forward to each other make a loop.
 */
export class UserCallRoutes {
  readonly #callees: CalleeDirectory;
  readonly #rights: CallingRights;
  readonly #tenant: Tenant;
  readonly #isInCall: (aor: string) => boolean;

  /** @param options `isInCall`: whether this user has made or taken a call that still lasts */
  constructor(options: {
    callees: CalleeDirectory;
    rights: CallingRights;
    tenant: Tenant;
    isInCall: (aor: string) => boolean;
  }) {
    this.#callees = options.callees;
    this.#rights = options.rights;
    this.#tenant = options.tenant;
    this.#isInCall = options.isInCall;
  }

  /** @throws StoreUnavailableError */
  async find(callee: FoundUser, { rings, trail: former }: RoutedCall): Promise<UserCallRoute> {
    const { user, aor } = callee;
    const rung = { user, aor, trail: [...former, user.upn] };
    const elsewhere = await this.forward(rung, "always", rings);
    if (elsewhere !== undefined) return elsewhere;
    if (user.doNotDisturb) {
      // RFC 3261 §21.4.18 names "do not disturb" as a case for 480.
      const refusal = { to: "nobody", status: 480, reason: "Do Not Disturb" } as const;
      return (await this.forward(rung, "no-answer", rings)) ?? refusal;
    }
    if (rings && (await this.#isBusy(callee))) {
      const refusal = { to: "nobody", status: 486, reason: "Busy Here" } as const;
      return (await this.forward(rung, "busy", rings)) ?? refusal;
    }
    return { to: "user", ...rung };
  }

  /**
   * Where a user forwards his calls on this occasion; undefined where he does not, where his policy
   * does not allow it, or where the call has been: it then goes on as if nothing were set.
   * @throws StoreUnavailableError
   */
  async forward(
    { user, trail }: RungUser,
    occasion: Forwarding["when"],
    rings: boolean,
  ): Promise<UserCallRoute | undefined> {
    const { forwarding } = user;
    // The trail begins with the caller and whom he called.
    if (forwarding?.when !== occasion || trail.length >= mostForwardings + 2) return undefined;
    const dialed = classifyDialedNumber(forwarding.to);
    if (dialed.kind !== "number" && dialed.kind !== "name") return undefined;
    const policy = await this.#rights.policyNamed(user.tenantId, user.callingPolicy);
    const target = await this.#callees.find(dialed, this.#tenant.domain);
    if (target.kind === "unknown") {
      if (dialed.kind === "name" || !policy.allowCallForwardingToPhone) return undefined;
      return { to: "number", number: dialed.number };
    }
    if (!policy.allowCallForwardingToUser || trail.includes(target.user.upn)) return undefined;
    if (target.kind === "user") return this.find(target, { rings, trail });
    return { to: "nobody", status: 480, reason: "Forwarded to a User without a Number" };
  }

  async #isBusy({ user, aor }: FoundUser): Promise<boolean> {
    if (!this.#isInCall(aor)) return false;
    return (await this.#rights.policyNamed(user.tenantId, user.callingPolicy)).busyOnBusy;
  }
}
