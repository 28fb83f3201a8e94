import type { Clock } from "../../sip/clock.ts";
import type { IncomingRequest } from "../../sip/transport/transport-layer.ts";
import type { Binding } from "../domain/binding.ts";
import { isEnrolled } from "../domain/device.ts";
import type { MacAddress } from "../domain/mac-address.ts";
import { readOnboardingAccountName } from "../domain/onboarding-account.ts";
import { RefusedAttempts } from "../domain/refused-attempts.ts";
import type { Stores } from "../domain/stores.ts";
import type { TenantId } from "../domain/tenant.ts";
import type { Credential } from "./authentication/credential-directory.ts";
import type { SignalingLogger } from "./signaling-logger.ts";
import type { SignalingObserver } from "./signaling-observer.ts";

/** Why a request was refused that may be a stranger's. */
export type RefusedRequestKind = "wrong-digest" | "used-digest" | "foreign-aor" | "stray-notify";

/** What telling of refused requests needs. */
export interface RefusedRequestsDependencies {
  readonly stores: Pick<Stores, "bindings" | "devices" | "history" | "liveEvents">;
  readonly clock: Clock;
  readonly tenantId: TenantId;
  readonly observer: Pick<SignalingObserver, "requestRefused">;
  readonly logger: SignalingLogger;
}

/** Refused requests a second that the storage is asked about; the others are counted only. */
const mostLookupsASecond = 50;

/** What a line shows of an AOR or a method, in characters; they can be as long as a request. */
const longestShown = 128;

/**
 * Tells the histories of devices of requests in their names that were refused, with the address that
 * they came from. Nothing here is waited for, and none of it changes an answer. A stranger can send
 * any number of such requests: the storage is asked about some a second, and lines are bounded.
 */
export class RefusedRequests {
  readonly #needs: RefusedRequestsDependencies;
  readonly #attempts: RefusedAttempts;
  #second = 0;
  #lookups = 0;

  constructor(dependencies: RefusedRequestsDependencies) {
    this.#needs = dependencies;
    const { stores, clock } = dependencies;
    const { history, liveEvents } = stores;
    this.#attempts = new RefusedAttempts({ history, liveEvents, clock });
  }

  /**
   * Credentials that are none were sent in the name of this AOR.
   * @param username of the digest: one of an onboarding account names the device
   */
  wrongDigest({ request, flow }: IncomingRequest, aor: string | undefined, username: string): void {
    const why = "its name or password is not right";
    const text = `${shown(request.method)} in the name of ${shown(aor)} from ${flow.remoteAddress} was refused: ${why}.`;
    this.#tellDevicesOf("wrong-digest", aor, text, username);
  }

  /**
   * A right digest came again. Phones do that too, and often, when their nonce has grown old: one
   * that comes from where the account's phone is registered is no news, and is not counted.
   * @param isUsed the nonce is fresh, and was used with this count; otherwise it is too old
   * @param bindings the AOR's live ones, where they are known
   */
  usedDigest(
    incoming: IncomingRequest,
    credential: Credential,
    isUsed: boolean,
    bindings?: readonly Binding[],
  ): void {
    if (bindings !== undefined && !isFromElsewhere(incoming, isUsed, bindings)) return;
    const { tenantId, aor, macAddress } = credential;
    const { request, flow } = incoming;
    this.#inBackground(undefined, async () => {
      const known = bindings ?? (await this.#bindingsOf(tenantId, aor));
      if (!isFromElsewhere(incoming, isUsed, known)) return;
      this.#needs.observer.requestRefused("used-digest");
      const why = isUsed ? "its digest was used before" : "its digest is too old";
      const text = `${shown(request.method)} as ${aor} from ${flow.remoteAddress} was not taken: ${why}, and the phone is not registered there.`;
      await this.#record(tenantId, macAddress, text);
    });
  }

  /** An account proved who it is and spoke for an AOR that is not its own. */
  foreignAor(
    { request, flow }: IncomingRequest,
    credential: Credential,
    aor: string | undefined,
  ): void {
    const { tenantId, macAddress, aor: own } = credential;
    const method = shown(request.method);
    this.#needs.logger.warn(
      { aor: own, macAddress, method },
      "A request in another's name was refused",
    );
    const from = `from ${flow.remoteAddress}`;
    this.#inBackground("foreign-aor", async () => {
      const text = `It sent ${method} in another's name ${from} (its own is ${own}) and was refused.`;
      await this.#record(tenantId, macAddress, text);
    });
    const text = `${method} in the name of ${shown(aor)} ${from} was refused: it came with another's account.`;
    this.#tellDevicesOf(undefined, aor, text);
  }

  /** A NOTIFY for this AOR that no phone has subscribed to. */
  strayNotify({ request, flow }: IncomingRequest, aor: string | undefined): void {
    const text = `${request.method} for ${shown(aor)} from ${flow.remoteAddress} was refused: the phone has not asked for it.`;
    this.#tellDevicesOf("stray-notify", aor, text);
  }

  #tellDevicesOf(
    kind: RefusedRequestKind | undefined,
    aor: string | undefined,
    text: string,
    username = "",
  ): void {
    this.#inBackground(kind, async () => {
      if (aor === undefined) return;
      const { tenantId } = this.#needs;
      const bindings = await this.#bindingsOf(tenantId, aor);
      const devices = new Set(bindings.map(({ macAddress }) => macAddress));
      devices.add(await this.#enrolledDeviceNamedIn(username));
      for (const macAddress of devices) await this.#record(tenantId, macAddress, text);
    });
  }

  /** @param kind is counted; undefined where this request has been, or is to be judged first */
  #inBackground(kind: RefusedRequestKind | undefined, task: () => Promise<void>): void {
    if (kind !== undefined) this.#needs.observer.requestRefused(kind);
    if (!this.#mayAsk()) return;
    task().catch((error: unknown) => {
      this.#needs.logger.warn({ err: error }, "A refused request is missing in a history");
    });
  }

  #mayAsk(): boolean {
    const second = Math.floor(this.#needs.clock.nowMilliseconds() / 1000);
    if (second !== this.#second) {
      this.#second = second;
      this.#lookups = 0;
    }
    return ++this.#lookups <= mostLookupsASecond;
  }

  /** Anybody can make up a name with any MAC address in it: null where no phone is enrolled with that. */
  async #enrolledDeviceNamedIn(username: string): Promise<MacAddress | null> {
    const name = readOnboardingAccountName(username);
    if (name === undefined) return null;
    const { stores, tenantId } = this.#needs;
    const device = (await stores.devices.find(tenantId, name.macAddress))?.value;
    return device !== undefined && isEnrolled(device) ? device.macAddress : null;
  }

  #bindingsOf(tenantId: TenantId, aor: string): Promise<readonly Binding[]> {
    return this.#needs.stores.bindings.find(tenantId, aor, this.#needs.clock.nowMilliseconds());
  }

  async #record(tenantId: TenantId, macAddress: MacAddress | null, text: string): Promise<void> {
    if (macAddress === null) return;
    await this.#attempts.record({ tenantId, macAddress, kind: "refused", text });
  }
}

/** What a stranger wrote, with escapes resolved: cut, and nothing in it that moves or hides other text. */
function shown(text = ""): string {
  const cut = text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;
  return cut.replaceAll(/[\p{C}\p{Z}]/gu, "?");
}

/** Whether a digest that came again comes from where the account's phone is not. */
function isFromElsewhere(
  { flow }: IncomingRequest,
  isUsed: boolean,
  bindings: readonly Binding[],
): boolean {
  if (bindings.some((binding) => binding.flow.remoteAddress === flow.remoteAddress)) return false;
  // With none, and an old nonce, it is a phone that comes back after a while.
  return isUsed || bindings.length > 0;
}
