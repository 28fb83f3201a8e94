import type { ServedVendor } from "../../../provisioning-http/vendor.ts";
import { type Clock, SystemClock } from "../../../sip/clock.ts";
import type { PhoneIdentity } from "../../../src/lab/simulated-phones/phone-identity.ts";
import type { ReceivedNotify } from "../../../src/lab/simulated-phones/phone-line.ts";
import { planPhones } from "../../../src/lab/simulated-phones/phone-models.ts";
import {
  type RefetchOutcome,
  SimulatedPhone,
} from "../../../src/lab/simulated-phones/simulated-phone.ts";
import type { AdminAccess } from "../../support/admin-client.ts";
import type { GatewayProcess } from "../../support/gateway-process.ts";

/** A simulated phone, and what it said and heard, in order. */
export interface WatchedPhone {
  readonly phone: SimulatedPhone;
  /** `GET /emea/805ec0000001.cfg 200`. */
  readonly requests: string[];
  readonly notifies: ReceivedNotify[];
  readonly refetches: RefetchOutcome[];
  readonly faults: unknown[];
}

/** The `number`-th phone of one vendor. */
export function identityOf(vendor: ServedVendor, number: number): PhoneIdentity {
  const [identity] = planPhones(1, number, [vendor]);
  if (identity === undefined) throw new Error("no phone was planned");
  return identity;
}

/** A phone that asks in the gateway's `emea`, not booted yet. Whoever makes one stops it. */
export function watchPhone(
  gateway: Pick<GatewayProcess, "provisioningUrl">,
  identity: PhoneIdentity,
  clock: Clock = new SystemClock(),
): WatchedPhone {
  const provisioningUrl = `${gateway.provisioningUrl}/emea/`;
  const phone = new SimulatedPhone({ ...identity, provisioningUrl, clock });
  const watched: WatchedPhone = { phone, requests: [], notifies: [], refetches: [], faults: [] };
  phone.on("http", ({ method, path, status }) => {
    watched.requests.push(`${method} ${path} ${status}`);
  });
  phone.on("notify", (notify) => watched.notifies.push(notify));
  phone.on("refetched", (outcome) => watched.refetches.push(outcome));
  phone.on("fault", (error) => watched.faults.push(error));
  return watched;
}

/** The next answer to a NOTIFY that the phone acted upon. To be asked for before the NOTIFY can come. */
export function nextRefetch(phone: SimulatedPhone): Promise<RefetchOutcome> {
  return new Promise((resolve) => phone.once("refetched", resolve));
}

/** A code that is surely wrong. */
export function wrongCode(code: string): string {
  return code.replace(/.$/, (digit) => String((Number(digit) + 1) % 10));
}

/** The kinds of a device's history, oldest first. */
export async function historyKinds(access: AdminAccess, macAddress: string): Promise<string[]> {
  const reply = await fetch(`${access.adminUrl}/api/v1/devices/${macAddress}/events?limit=100`, {
    headers: { authorization: `Bearer ${access.token}` },
  });
  const page = (await reply.json()) as { readonly items: readonly { readonly kind: string }[] };
  return page.items.map(({ kind }) => kind).reverse();
}

/** Sends a device back to the start. */
export async function resetDevice(access: AdminAccess, macAddress: string): Promise<void> {
  const reply = await fetch(`${access.adminUrl}/api/v1/devices/${macAddress}/reset`, {
    method: "POST",
    headers: { authorization: `Bearer ${access.token}` },
  });
  if (!reply.ok) throw new Error(`The reset was answered ${reply.status}.`);
}
