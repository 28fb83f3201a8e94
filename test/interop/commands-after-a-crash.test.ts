import { afterEach, describe, expect, it } from "vitest";
import { AdminClient } from "../support/admin-client.ts";
import { SipTestPhone } from "../support/sip-test-phone.ts";
import { waitUntil } from "../support/wait-until.ts";
import { fetchYealinkAccount } from "../support/yealink-configuration.ts";
import { type GatewayOnStore, startGatewayOn, storeKinds } from "./gateway-on-store.ts";

const macAddress = "80:5e:c0:00:c4:a5";
/** Longer than a NOTIFY and its repetitions with a digest can take. */
const longestDeliverySeconds = 100;

let running: GatewayOnStore;
let phone: SipTestPhone;

afterEach(async () => {
  await phone?.close();
  await running?.stop();
});

async function call(method: string, path: string) {
  const { adminUrl, token } = running.gateway;
  const headers = { authorization: `Bearer ${token}` };
  const reply = await fetch(`${adminUrl}/api/v1/devices/${macAddress}${path}`, { method, headers });
  return (await reply.json()) as { readonly commandId: string; readonly status: string };
}

async function order(kind: string): Promise<string> {
  return (await call("POST", `/${kind}`)).commandId;
}

async function standing(ids: readonly string[]): Promise<readonly string[]> {
  return Promise.all(ids.map(async (id) => (await call("GET", `/commands/${id}`)).status));
}

async function reached(ids: readonly string[], statuses: readonly string[]): Promise<void> {
  await waitUntil(
    async () => ((await standing(ids)).join() === statuses.join() ? true : undefined),
    { what: `The commands are ${statuses.join()}` },
  );
}

describe.each(storeKinds)("commands on %s, the gateway killed while the phone thinks", (store) => {
  it("are sent again, each once and one at a time", { timeout: 60_000 }, async () => {
    running = await startGatewayOn(store);
    const { gateway } = running;
    await new AdminClient(gateway).addDevice(macAddress);
    const account = await fetchYealinkAccount(gateway.provisioningUrl, "noam", macAddress);
    phone = await SipTestPhone.open(gateway.sipPort, account);
    expect((await phone.register()).status).toBe(200);
    const ids = [await order("sync"), await order("restart")];
    await phone.incoming("NOTIFY");
    await reached(ids, ["sent", "queued"]);

    await running.killAll();
    await running.restartAll();
    // Somebody may still be waiting for an answer, for all that is known: nothing is sent twice.
    expect((await phone.register()).status).toBe(200);
    expect(await standing(ids)).toEqual(["sent", "queued"]);

    await new AdminClient(gateway).advanceClock(longestDeliverySeconds);
    phone.received.length = 0;
    await standing(ids);
    const again = await phone.incoming("NOTIFY");
    expect(again.headers.get("Event")).toBe("check-sync;reboot=false");
    await reached(ids, ["sent", "queued"]);
    phone.respond(again, 200);
    const restart = await phone.incoming("NOTIFY");
    expect(restart.headers.get("Event")).toBe("check-sync;reboot=true");
    phone.respond(restart, 200);
    await reached(ids, ["accepted", "accepted"]);
  });
});
