import type { Clock } from "../../../sip/clock.ts";
import {
  type CallingPolicySettings,
  globalPolicyName,
  initialGlobalPolicy,
} from "../../domain/calling-policy.ts";
import type { Stores } from "../../domain/stores.ts";
import type { TenantId } from "../../domain/tenant.ts";

/** How long a policy is believed without asking the storage again. */
const believedMilliseconds = 5_000;
/** Users whose permission is remembered; the oldest go first. */
const mostUsers = 20_000;

interface Belief {
  readonly allowed: boolean;
  readonly untilMilliseconds: number;
}

/** What calling policies allow users, asked of the storage at most every few seconds for each. */
export class CallingRights {
  readonly #stores: Pick<Stores, "users" | "callingPolicies">;
  readonly #clock: Clock;
  readonly #mayCall = new Map<string, Belief>();

  constructor(options: { stores: Pick<Stores, "users" | "callingPolicies">; clock: Clock }) {
    this.#stores = options.stores;
    this.#clock = options.clock;
  }

  /**
   * Whether a user's policy lets him call from SIP devices; nobody's does who is not there any more.
   * @throws StoreUnavailableError
   */
  async mayCall(tenantId: TenantId, upn: string): Promise<boolean> {
    const now = this.#clock.nowMilliseconds();
    const key = `${tenantId} ${upn}`;
    const belief = this.#mayCall.get(key);
    if (belief !== undefined && now < belief.untilMilliseconds) return belief.allowed;
    const user = await this.#stores.users.find(tenantId, upn);
    const allowed =
      user !== undefined &&
      (await this.policyNamed(tenantId, user.callingPolicy)).allowSipDevicesCalling;
    this.#believe(key, { allowed, untilMilliseconds: now + believedMilliseconds });
    return allowed;
  }

  /**
   * The policy of this name; `Global` where it was deleted.
   * @throws StoreUnavailableError
   */
  async policyNamed(tenantId: TenantId, name: string): Promise<CallingPolicySettings> {
    const { callingPolicies } = this.#stores;
    return (
      (await callingPolicies.find(tenantId, name)) ??
      (await callingPolicies.find(tenantId, globalPolicyName)) ??
      initialGlobalPolicy
    );
  }

  #believe(key: string, belief: Belief): void {
    this.#mayCall.delete(key);
    if (this.#mayCall.size >= mostUsers) {
      const oldest = this.#mayCall.keys().next();
      if (oldest.done !== true) this.#mayCall.delete(oldest.value);
    }
    this.#mayCall.set(key, belief);
  }
}
