import { classifyDialedNumber } from "../../domain/classify-dialed-number.ts";
import type { Tenant } from "../../domain/tenant.ts";
import type { Forwarding, User } from "../../domain/user.ts";
import type { Callee, CalleeDirectory } from "./callee-directory.ts";
import type { CallingRights } from "./calling-rights.ts";

/** Where a call to a user goes. */
export type UserCallRoute =
  | { readonly to: "user"; readonly aor: string }
  /** Forwarded to a number that is nobody's here. */
  | { readonly to: "number"; readonly number: string }
  | { readonly to: "nobody"; readonly reason: string };

type FoundUser = Extract<Callee, { kind: "user" }>;

/**
 * Decides where a call to a user goes: to his phones, to whom he forwards all his calls as far as
 * his policy allows it, or nowhere while he does not want to be disturbed. A forwarded call is not
 * forwarded again, so that two users who forward to each other make no loop.
 */
export class UserCallRoutes {
  readonly #callees: CalleeDirectory;
  readonly #rights: CallingRights;
  readonly #tenant: Tenant;

  constructor(options: { callees: CalleeDirectory; rights: CallingRights; tenant: Tenant }) {
    this.#callees = options.callees;
    this.#rights = options.rights;
    this.#tenant = options.tenant;
  }

  /** @throws StoreUnavailableError */
  async find(callee: FoundUser): Promise<UserCallRoute> {
    const { forwarding } = callee.user;
    if (forwarding?.when !== "always") return routeTo(callee);
    return (await this.#forwarded(callee.user, forwarding)) ?? routeTo(callee);
  }

  /** Undefined where the policy does not allow it: the call then rings as if nothing were set. */
  async #forwarded(user: User, { to }: Forwarding): Promise<UserCallRoute | undefined> {
    const dialed = classifyDialedNumber(to);
    if (dialed.kind !== "number" && dialed.kind !== "name") return undefined;
    const policy = await this.#rights.policyNamed(user.tenantId, user.callingPolicy);
    const target = await this.#callees.find(dialed, this.#tenant.domain);
    switch (target.kind) {
      case "user":
        return policy.allowCallForwardingToUser ? routeTo(target) : undefined;
      case "unreachable":
        return policy.allowCallForwardingToUser
          ? { to: "nobody", reason: "Forwarded to a User without a Number" }
          : undefined;
      case "unknown":
        if (dialed.kind === "name" || !policy.allowCallForwardingToPhone) return undefined;
        return { to: "number", number: dialed.number };
    }
  }
}

/** RFC 3261 §21.4.18 names "do not disturb" as a case for 480. */
function routeTo({ user, aor }: FoundUser): UserCallRoute {
  return user.doNotDisturb ? { to: "nobody", reason: "Do Not Disturb" } : { to: "user", aor };
}
