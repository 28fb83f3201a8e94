import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { SystemClock } from "../../../sip/clock.ts";
import { LabClock } from "../../../src/lab/lab-clock.ts";
import { AdminClient } from "../../support/admin-client.ts";
import { GatewayProcess } from "../../support/gateway-process.ts";
import { SipTestPhone } from "../../support/sip-test-phone.ts";
import { waitUntil } from "../../support/wait-until.ts";
import {
  identityOf,
  nextRefetch,
  resetDevice,
  type WatchedPhone,
  watchPhone,
} from "./phone-rig.ts";

const stranger = { user: "gateway", domain: "127.0.0.1", authenticationName: "", password: "" };

describe("a simulated phone", () => {
  let gateway: GatewayProcess;
  let admin: AdminClient;
  let number = 0;
  let clock: LabClock;
  const watched: WatchedPhone[] = [];

  beforeAll(async () => {
    gateway = await GatewayProcess.start({ environment: { LAB: "true" } });
    admin = new AdminClient(gateway);
  });
  afterAll(async () => {
    await gateway.stop();
  });
  beforeEach(() => {
    clock = new LabClock(new SystemClock());
  });
  afterEach(async () => {
    await Promise.all(watched.map(({ phone }) => phone.stop()));
    expect(watched.flatMap(({ faults }) => faults)).toEqual([]);
    watched.length = 0;
  });

  function newPhone(identity = identityOf("yealink", ++number)): WatchedPhone {
    const one = watchPhone(gateway, identity, clock);
    watched.push(one);
    return one;
  }

  async function contactOf({ phone }: WatchedPhone): Promise<URL> {
    const { macAddress } = phone.identity;
    const bindings = await admin.registrationsOf(`sip:${macAddress}@onboarding.emea.invalid`);
    return new URL(bindings.at(-1)?.contact.replace("sip:", "sip://") ?? "");
  }

  async function ask(
    contact: URL,
    method: string,
    headers: readonly string[] = [],
  ): Promise<number> {
    const peer = await SipTestPhone.open(Number(contact.port), stranger);
    try {
      const uri = `sip:${contact.username}@${contact.host}`;
      peer.sendText(peer.build({ method, uri, headers }));
      return (await peer.response(method)).status;
    } finally {
      await peer.close();
    }
  }

  it("refreshes its registration before it expires, as one and the same binding (§10.2.4)", async () => {
    const one = newPhone();
    await one.phone.boot();
    const before = await contactOf(one);
    const refreshed = new Promise((resolve) => one.phone.once("registration", resolve));
    // By then the nonce of the first registration is stale for the gateway, and the phone is asked anew.
    await admin.advanceClock(900);
    clock.advance(900_000);
    expect(await refreshed).toMatchObject({ kind: "registered", expiresSeconds: 1800 });
    expect(await contactOf(one)).toEqual(before);
  });

  it("answers OPTIONS, refuses a call that nobody would take, and knows its methods", async () => {
    const one = newPhone();
    await one.phone.boot();
    const contact = await contactOf(one);
    expect(await ask(contact, "OPTIONS")).toBe(200);
    expect(await ask(contact, "NOTIFY", ["Event: refer", "Subscription-State: active"])).toBe(489);
    expect(await ask(contact, "PUBLISH")).toBe(405);
    expect(await ask(contact, "INVITE")).toBe(480);
  });

  it("a Yealink restarts on reboot=true, and comes back at another port", async () => {
    const one = newPhone();
    await one.phone.boot();
    const before = await contactOf(one);
    const refetched = nextRefetch(one.phone);
    expect(await ask(before, "NOTIFY", ["Event: check-sync;reboot=true"])).toBe(200);
    expect(await refetched).toMatchObject({
      outcome: "restarted",
      boot: { outcome: "registered" },
    });
    expect((await contactOf(one)).port).not.toBe(before.port);
  });

  it("a Poly fetches on check-sync, because its configuration says not to restart", async () => {
    const one = newPhone(identityOf("poly", ++number));
    await one.phone.boot();
    const refetched = nextRefetch(one.phone);
    expect(await ask(await contactOf(one), "NOTIFY", ["Event: check-sync"])).toBe(200);
    expect(await refetched).toEqual({ outcome: "fetched", accountChanged: false });
  });

  it("a Cisco does nothing for a stranger who asks it to reboot", async () => {
    const one = newPhone(identityOf("cisco", ++number));
    await one.phone.boot();
    const contact = await contactOf(one);
    expect(await ask(contact, "NOTIFY", ["Event: reboot"])).toBe(401);
    const forged = 'Digest username="x", realm="y", nonce="z", uri="sip:a", response="00"';
    const headers = ["Event: reboot", `Authorization: ${forged}`];
    expect(await ask(contact, "NOTIFY", headers)).toBe(401);
    expect(one.refetches).toEqual([]);
  });

  it("factory-new, is refused where the real one is enrolled, until the device is reset", async () => {
    const one = newPhone();
    const { identity } = one.phone;
    await admin.addDevice(identity.macAddress);
    await one.phone.boot();
    const refetched = nextRefetch(one.phone);
    await one.phone.dial(`*55*${await admin.generateCode(identity.macAddress)}`);
    await refetched;

    const twin = newPhone(identity);
    const refused = await twin.phone.boot();
    expect(refused).toMatchObject({ outcome: "failed", step: "provisioning" });
    expect(refused).toMatchObject({ reason: expect.stringContaining("was answered 403") });
    expect(twin.phone.state.kind).toBe("failed");
    expect(one.phone.registration.kind).toBe("registered");

    await resetDevice(gateway, identity.macAddress);
    expect((await twin.phone.boot()).outcome).toBe("registered");
    await one.phone.stop();
  });

  it("hangs up when it is switched off during a call, and is enrolled all the same", async () => {
    const one = newPhone();
    const { macAddress } = one.phone.identity;
    await admin.addDevice(macAddress);
    await one.phone.boot();
    const call = one.phone.dial(`*55*${await admin.generateCode(macAddress)}`);
    await waitUntil(
      async () =>
        (await admin.device(macAddress)).state === "waiting-for-sign-in" ? true : undefined,
      { what: "The device is enrolled" },
    );
    expect(await one.phone.dial("*55*1")).toMatchObject({ status: 486 });
    expect(await one.phone.stop()).toBe(200);
    expect(await call).toMatchObject({ status: 200, endedBy: "phone" });
  });

  it("says that nobody answered where there is no gateway", async () => {
    const one = watchPhone(
      { provisioningUrl: "http://127.0.0.1:9" },
      identityOf("cisco", 1),
      clock,
    );
    watched.push(one);
    const outcome = await one.phone.boot();
    expect(outcome).toMatchObject({ outcome: "failed", step: "provisioning" });
    expect(outcome).toMatchObject({ reason: expect.stringContaining("ECONNREFUSED") });
    expect(() => one.phone.dial("*55*123456")).toThrow("boot it first");
  });
});

describe("a simulated phone on TCP", () => {
  it("registers again by itself when its connection ended", async () => {
    const gateway = await GatewayProcess.start({ environment: { PHONE_TRANSPORT: "tcp" } });
    const clock = new LabClock(new SystemClock());
    const { phone, faults } = watchPhone(gateway, identityOf("audiocodes", 1), clock);
    const states: string[] = [];
    try {
      await phone.boot();
      phone.on("registration", ({ kind }) => states.push(kind));
      await gateway.restart();
      await waitUntil(
        async () => {
          // Past the pauses between tries, which may have met a gateway that was not up yet.
          clock.advance(5_000);
          return states.at(-1) === "registered" ? true : undefined;
        },
        {
          what: "The phone is registered again",
          intervalMilliseconds: 500,
          timeoutMilliseconds: 15_000,
        },
      );
      expect(states[0]).toBe("registering");
    } finally {
      await phone.stop();
      await gateway.stop();
    }
    expect(faults).toEqual([]);
  });
});
