import { setTimeout as delay } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { AdminClient, type SampleUser } from "../support/admin-client.ts";
import { GatewayProcess } from "../support/gateway-process.ts";
import { waitUntil } from "../support/wait-until.ts";
import { fetchYealinkAccount } from "../support/yealink-configuration.ts";
import { Baresip, type BaresipAccount } from "./baresip/baresip-process.ts";
import { whyMissing } from "./peer-programs.ts";

const missing = whyMissing("baresip");
const title = missing === undefined ? "baresip" : `baresip (skipped: ${missing})`;

describe.skipIf(missing !== undefined)(title, () => {
  let gateway: GatewayProcess;
  let admin: AdminClient;
  const phones: Baresip[] = [];

  beforeAll(async () => {
    gateway = await GatewayProcess.start({ environment: { LAB: "true" } });
    admin = new AdminClient(gateway);
  });

  afterEach(async () => {
    await Promise.all(phones.splice(0).map((phone) => phone.stop()));
  });

  afterAll(async () => {
    await gateway?.stop();
  });

  async function start(account: BaresipAccount): Promise<Baresip> {
    const phone = await Baresip.start(account);
    phones.push(phone);
    return phone;
  }

  function accountOf(user: SampleUser, answer: "auto" | "manual"): BaresipAccount {
    const proxy = { proxyHost: "127.0.0.1", proxyPort: gateway.sipPort };
    return { ...user, ...proxy, transport: "udp", answer };
  }

  it.each([
    { transport: "udp", macAddress: "80:5e:c0:ba:5e:01" },
    { transport: "tcp", macAddress: "80:5e:c0:ba:5e:02" },
  ] as const)(
    "registers over $transport as its Yealink configuration says, dials *55* and its code, and is enrolled",
    async ({ transport, macAddress }) => {
      await admin.addDevice(macAddress);
      const code = await admin.generateCode(macAddress);
      const account = await fetchYealinkAccount(gateway.provisioningUrl, "emea", macAddress);
      expect(account.domain).toBe("onboarding.emea.invalid");

      const phone = await start({ ...account, transport, answer: "manual" });
      expect((await admin.device(macAddress)).online).toBe(true);

      await phone.dial(`*55*${code}`);
      await phone.waitFor("CALL_ESTABLISHED");
      await waitUntil(
        async () => (await admin.device(macAddress)).state === "waiting-for-sign-in" || undefined,
        { what: "The device waits for sign-in" },
      );
      // The gateway hangs up after its confirmation.
      await phone.waitFor("CALL_CLOSED");
    },
    40_000,
  );

  it("calls another as sample users do, hears it, and hangs up", async () => {
    const [callerUser, calleeUser] = await admin.sampleUsers(1, 2);
    if (callerUser === undefined || calleeUser === undefined) throw new Error("Two users, please.");
    const callee = await start(accountOf(calleeUser, "auto"));
    const caller = await start(accountOf(callerUser, "manual"));

    await caller.dial(calleeUser.user);
    await Promise.all([caller.waitFor("CALL_ESTABLISHED"), callee.waitFor("CALL_ESTABLISHED")]);
    // Some of each one's tone reaches the other.
    await delay(300);
    await caller.hangUp();
    await callee.waitFor("CALL_CLOSED");
    expect(await caller.packetsReceived()).toBeGreaterThan(5);
    expect(await callee.packetsReceived()).toBeGreaterThan(5);
  }, 40_000);
});
