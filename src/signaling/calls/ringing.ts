import type { Clock } from "../../../sip/clock.ts";
import type {
  FailedAttempt,
  ForwardAttempt,
  ProxyTarget,
} from "../../../sip/proxy/proxy-target.ts";
import type { Stores } from "../../domain/stores.ts";
import type { Forwarding } from "../../domain/user.ts";
import type { BindingTargets } from "../binding-targets.ts";
import type { Trunk } from "./trunk.ts";
import type { RungUser, UserCallRoute, UserCallRoutes } from "./user-call-routes.ts";

/** How long a user's phones ring before a call that nobody answers is forwarded: Microsoft Teams' usual time. */
export const noAnswerMilliseconds = 20_000;

type TargetGroups = ForwardAttempt["targetGroups"];

/** What ringing needs. */
export interface RingingDependencies {
  readonly clock: Clock;
  readonly stores: Pick<Stores, "bindings">;
  readonly routes: UserCallRoutes;
  readonly targets: BindingTargets;
  readonly trunk: Trunk | undefined;
}

/** Rings users' phones, and takes a call on to where its user forwards what he does not take. */
export class Ringing {
  readonly #needs: RingingDependencies;
  readonly #ringers = new WeakMap<ProxyTarget, string>();

  constructor(dependencies: RingingDependencies) {
    this.#needs = dependencies;
  }

  /** The AOR whose phone a target is; undefined for the trunk. */
  aorOf(target: ProxyTarget): string | undefined {
    return this.#ringers.get(target);
  }

  /**
   * The way to a user's phones. A request that does not ring is not forwarded for want of an answer.
   * @throws StoreUnavailableError
   */
  async attempt(rung: RungUser, rings: boolean): Promise<ForwardAttempt> {
    const when = rung.user.forwarding?.when;
    if (!rings || when === undefined || when === "always") {
      return { targetGroups: await this.#phonesOf(rung) };
    }
    if (when === "simultaneous") return { targetGroups: await this.#phonesAndOthers(rung) };
    const { routes } = this.#needs;
    const targetGroups = await this.#phonesOf(rung);
    const onward = async (failed: FailedAttempt) =>
      occasionOf(failed) === when
        ? this.#follow(await routes.forward(rung, when, rings))
        : undefined;
    if (when === "busy") return { targetGroups, onward };
    // Who may not forward must not be cut off before his caller gives up.
    const elsewhere = await routes.forward(rung, when, rings);
    if (elsewhere === undefined || !this.#leadsOn(elsewhere)) return { targetGroups };
    return { targetGroups, patienceMilliseconds: noAnswerMilliseconds, onward };
  }

  async #phonesOf({ user, aor }: RungUser): Promise<TargetGroups> {
    const { clock, stores, targets } = this.#needs;
    const bindings = await stores.bindings.find(user.tenantId, aor, clock.nowMilliseconds());
    const groups = targets.groupsOf(bindings);
    for (const target of groups.flat()) this.#ringers.set(target, aor);
    return groups;
  }

  /** The user's phones, and along with the first of them whom he has named. */
  async #phonesAndOthers(rung: RungUser): Promise<TargetGroups> {
    const { routes, trunk } = this.#needs;
    const [first = [], ...later] = await this.#phonesOf(rung);
    const route = await routes.forward(rung, "simultaneous", true);
    if (route?.to === "user") {
      const others = (await this.#phonesOf(route)).flat();
      return [[...first, ...others], ...later];
    }
    if (route?.to !== "number" || trunk === undefined) return [first, ...later];
    return [[...first, trunk.targetFor(route.number)], ...later];
  }

  #leadsOn(route: UserCallRoute): boolean {
    return route.to === "user" || (route.to === "number" && this.#needs.trunk !== undefined);
  }

  /** Undefined where the call ends: the caller hears what came of it so far. */
  async #follow(route: UserCallRoute | undefined): Promise<ForwardAttempt | undefined> {
    const { trunk } = this.#needs;
    if (route?.to === "user") return this.attempt(route, true);
    if (route?.to !== "number" || trunk === undefined) return undefined;
    return { targetGroups: [[trunk.targetFor(route.number)]] };
  }
}

/** Which forwarding a failure is the occasion for; a phone that cannot be reached does not answer. */
function occasionOf({ timedOut, status }: FailedAttempt): Forwarding["when"] | undefined {
  if (timedOut || status === 408 || status === 480) return "no-answer";
  return status === 486 ? "busy" : undefined;
}
