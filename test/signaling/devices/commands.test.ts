import { afterEach, describe, expect, it } from "vitest";
import { changeDevice } from "../../../src/domain/change-device.ts";
import { simulatedVendors } from "../../../src/lab/simulated-phones/phone-models.ts";
import type { RefetchOutcome } from "../../../src/lab/simulated-phones/simulated-phone.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import type { SipTestPhone } from "../../support/sip-test-phone.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { macOf, PhoneSide } from "./phone-side.ts";

const mac = "00:15:65:00:00:01";
let side: PhoneSide;

afterEach(async () => {
  await side.stop();
  expect(side.faults).toEqual([]);
});

/** A device that is entered, and a phone with its account that does as it is told by the test. */
async function addedPhone() {
  const account = await side.gateway.addDevice(mac);
  const phone = await side.gateway.phone(account);
  return { account, phone, macAddress: account.macAddress };
}

async function answerNotify(phone: SipTestPhone, status: number, reason?: string): Promise<string> {
  const notify = await phone.incoming("NOTIFY");
  phone.respond(notify, status, reason === undefined ? {} : { reason });
  return notify.headers.get("Event") ?? "";
}

describe("a restart", () => {
  it.each(simulatedVendors)("of a %s phone is accepted and done", async (vendor) => {
    side = await PhoneSide.open();
    const { phone, macAddress } = await side.enrolledPhone(vendor);
    const done = new Promise<RefetchOutcome>((resolve) => phone.once("refetched", resolve));
    const statuses: number[] = [];
    phone.on("notify", ({ status }) => statuses.push(status));
    expect(await side.order(macAddress, "restart")).toMatchObject({
      status: "accepted",
      answer: { status: 200, reason: "OK" },
    });
    expect(statuses).toEqual(vendor === "cisco" ? [401, 200] : [200]);
    // Poly's phones have one Event for both, and with alwaysReboot=0 they restart only where they must.
    const outcome = await done;
    expect(outcome.outcome).toBe(vendor === "poly" ? "fetched" : "restarted");
    if (outcome.outcome === "restarted") expect(outcome.boot.outcome).toBe("registered");
    expect(await side.history(macAddress)).toContain(
      "command: Restart: the phone accepted it (200 OK).",
    );
  });

  it("that the phone refuses is refused, with the phone's words", async () => {
    side = await PhoneSide.open();
    const { phone, macAddress } = await addedPhone();
    await phone.register();
    const settled = side.order(macAddress, "restart");
    expect(await answerNotify(phone, 489, "Bad Event")).toBe("check-sync;reboot=true");
    expect(await settled).toMatchObject({
      status: "refused",
      answer: { status: 489, reason: "Bad Event" },
    });
  });

  it("of a phone that never answers is timed out after 32 s", async () => {
    const clock = new FakeClock();
    side = await PhoneSide.open(clock);
    const { phone, macAddress } = await addedPhone();
    await phone.register();
    const settled = side.order(macAddress, "restart");
    await phone.incoming("NOTIFY");
    await clock.advanceAsync(32_000);
    expect(await settled).toMatchObject({
      status: "timed-out",
      answer: null,
      settledAtMilliseconds: clock.nowMilliseconds(),
    });
  });
});

describe("a command for a phone that is away", () => {
  it("waits in the queue, and is delivered at its return", async () => {
    side = await PhoneSide.open();
    const { phone, macAddress } = await addedPhone();
    const id = await side.queue(macAddress, "sync");
    await side.gateway.server.deliverCommands(side.gateway.tenant.id, macAddress);
    expect(await side.command(macAddress, id)).toMatchObject({ status: "queued" });

    await phone.register();
    expect(await answerNotify(phone, 200)).toBe("check-sync;reboot=false");
    await settled(id, "accepted");
  });

  it("is signed out all the same, and the command is done", async () => {
    side = await PhoneSide.open();
    await side.gateway.addUser("adele", "+14255550100");
    const { phone, macAddress } = await side.enrolledPhone("yealink");
    await side.signIn(macAddress, "adele");
    await phone.waitForAccount("+14255550100");
    await phone.stop();
    expect(await side.order(macAddress, "sign-out")).toMatchObject({
      status: "accepted",
      answer: null,
    });
    const { stores, tenant } = side.gateway;
    expect((await stores.devices.find(tenant.id, macAddress))?.value.state).toBe("signed-out");
    expect(await side.history(macAddress)).toContain(
      "command: Sign-out: done; the phone is not registered; it finds out when it next fetches.",
    );
  });

  it("survives a restart of the gateway, and is delivered at a mere refresh after it", async () => {
    side = await PhoneSide.open();
    const { account, phone, macAddress } = await addedPhone();
    await phone.register();
    // The registration itself has the queue looked through, which is empty by then.
    await side.gateway.server.deliverCommands(side.gateway.tenant.id, macAddress);
    const id = await side.queue(macAddress, "restart");
    await side.gateway.restart();
    const same = await side.gateway.phone(account);
    await same.register({ contact: false, headers: [`Contact: <${phone.contactUri}>`] });
    expect(await answerNotify(phone, 200)).toBe("check-sync;reboot=true");
    await settled(id, "accepted");
  });

  it("is sent again after a stop of the gateway while the phone was thinking", async () => {
    side = await PhoneSide.open();
    const { account, phone, macAddress } = await addedPhone();
    await phone.register();
    const id = await side.queue(macAddress, "sync");
    void side.gateway.server.deliverCommands(side.gateway.tenant.id, macAddress);
    await phone.incoming("NOTIFY");
    expect(await side.command(macAddress, id)).toMatchObject({ status: "sent" });
    await side.gateway.restart();
    expect(await side.command(macAddress, id)).toMatchObject({ status: "queued" });
    const back = await side.gateway.phone(account);
    await back.register();
    await answerNotify(back, 200);
    await settled(id, "accepted");
  });
});

describe("a sign-out that is sent a second time", () => {
  it("signs out nobody who came after", async () => {
    side = await PhoneSide.open();
    await side.gateway.addUser("adele", "+14255550100");
    const { phone, macAddress } = await side.enrolledPhone("yealink");
    await side.signIn(macAddress, "adele");
    await phone.waitForAccount("+14255550100");
    const id = await side.queue(macAddress, "sign-out", "megan@contoso.example");
    await side.gateway.server.deliverCommands(side.gateway.tenant.id, macAddress);
    expect((await side.command(macAddress, id))?.status).toBe("accepted");
    const { stores, tenant } = side.gateway;
    expect((await stores.devices.find(tenant.id, macAddress))?.value).toMatchObject({
      state: "signed-in",
      upn: "adele@contoso.example",
    });
  });
});

describe("several commands for one phone", () => {
  it("are sent one after the other, and none to a phone that is restarting", async () => {
    side = await PhoneSide.open();
    const { account, phone, macAddress } = await addedPhone();
    await phone.register();
    const kinds = ["sync", "restart", "sync"] as const;
    const ids: string[] = [];
    for (const kind of kinds) ids.push(await side.queue(macAddress, kind));
    const delivered = side.gateway.server.deliverCommands(side.gateway.tenant.id, macAddress);
    const first = await phone.incoming("NOTIFY");
    expect(await Promise.all(ids.map(statusOf))).toEqual(["sent", "queued", "queued"]);
    phone.respond(first, 200);
    expect(await answerNotify(phone, 200)).toBe("check-sync;reboot=true");
    await delivered;
    expect(await Promise.all(ids.map(statusOf))).toEqual(["accepted", "accepted", "queued"]);

    const restarted = await side.gateway.phone(account);
    await restarted.register();
    await answerNotify(restarted, 200);
    await settled(ids[2] ?? "", "accepted");
  });

  it("sign the user out, though the phone does not come back from its restart", async () => {
    const clock = new FakeClock();
    side = await PhoneSide.open(clock);
    const { stores, tenant, server } = side.gateway;
    const { account, phone, macAddress } = await addedPhone();
    await changeDevice(stores.devices, tenant.id, macAddress, (device) => ({
      ...device,
      state: "signed-in",
      upn: "adele@contoso.example",
      enrolledAuthenticationName: account.authenticationName,
    }));
    await phone.register();
    const kinds = ["restart", "sync", "sign-out", "sync"] as const;
    const ids: string[] = [];
    for (const kind of kinds) ids.push(await side.queue(macAddress, kind));
    const delivered = server.deliverCommands(tenant.id, macAddress);
    await answerNotify(phone, 200);
    // The one of the sign-out, which nobody answers.
    await phone.incoming("NOTIFY");
    await clock.advanceAsync(32_000);
    await delivered;
    expect(await Promise.all(ids.map(statusOf))).toEqual([
      "accepted",
      "queued",
      "timed-out",
      "queued",
    ]);
    expect((await stores.devices.find(tenant.id, macAddress))?.value.state).toBe("signed-out");
  });

  async function statusOf(id: string): Promise<string | undefined> {
    return (await side.command(macOf(mac), id))?.status;
  }
});

async function settled(id: string, status: string): Promise<void> {
  await waitUntil(
    async () => ((await side.command(macOf(mac), id))?.status === status ? true : undefined),
    { what: `command ${status}` },
  );
}
