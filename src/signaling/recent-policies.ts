import type { Clock } from "../../sip/clock.ts";
import type { CallingPolicy, CallingPolicyStore } from "../domain/calling-policy.ts";
import type { TenantId } from "../domain/tenant.ts";

const believedMilliseconds = 1_000;
/** Policies that are remembered; all are forgotten when there are more. */
const mostPolicies = 1_000;

interface Belief {
  readonly policy: Promise<CallingPolicy | undefined>;
  readonly untilMilliseconds: number;
}

/** Calling policies as they stood at most a second ago: thousands of refreshes a second ask for the same few. */
export class RecentPolicies {
  readonly #callingPolicies: Pick<CallingPolicyStore, "find">;
  readonly #clock: Clock;
  readonly #beliefs = new Map<string, Belief>();

  constructor(callingPolicies: Pick<CallingPolicyStore, "find">, clock: Clock) {
    this.#callingPolicies = callingPolicies;
    this.#clock = clock;
  }

  /** @throws StoreUnavailableError */
  find(tenantId: TenantId, name: string): Promise<CallingPolicy | undefined> {
    const now = this.#clock.nowMilliseconds();
    const key = `${tenantId} ${name}`;
    const belief = this.#beliefs.get(key);
    if (belief !== undefined && now < belief.untilMilliseconds) return belief.policy;
    const policy = this.#callingPolicies.find(tenantId, name);
    // A storage that did not answer is asked again at once.
    policy.catch(() => this.#beliefs.delete(key));
    if (this.#beliefs.size >= mostPolicies) this.#beliefs.clear();
    this.#beliefs.set(key, { policy, untilMilliseconds: now + believedMilliseconds });
    return policy;
  }
}
