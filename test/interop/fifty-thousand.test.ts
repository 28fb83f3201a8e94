import { describe, expect, it } from "vitest";
import { AdminClient } from "../support/admin-client.ts";
import { startGatewayOn, storeKinds } from "./gateway-on-store.ts";
import { whyMissing } from "./peer-programs.ts";
import { bindingsGauge, countRegistrations, registerSampleUsers } from "./register-sample-users.ts";

/** How many; `SIPP_REGISTRATIONS` asks for fewer or more. */
const count = Number(process.env.SIPP_REGISTRATIONS ?? 50_000);
const ratePerSecond = 2_000;

const missing = whyMissing("sipp", "redis-server");
const title = missing === undefined ? "kill -9" : `kill -9 (skipped: ${missing})`;

describe.skipIf(missing !== undefined).each(storeKinds)(`${title} on %s`, (store) => {
  it(`leaves every acknowledged one of ${count} registrations`, async () => {
    const running = await startGatewayOn(store);
    try {
      const { gateway } = running;
      const admin = new AdminClient(gateway);
      const registration = { count, transport: "udp", ratePerSecond } as const;
      await registerSampleUsers(admin, { ...registration, remotePort: gateway.sipPort });

      await running.killAll();
      await running.restartAll();

      expect(await countRegistrations(admin)).toBe(count);
      expect(await bindingsGauge(admin)).toBe(count);
      for (const number of [1, Math.ceil(count / 2), count]) {
        const aor = `sip:+1555${String(number).padStart(7, "0")}@contoso.example`;
        expect(await admin.registrationsOf(aor)).toMatchObject([{ aor, transport: "UDP" }]);
      }
    } finally {
      await running.stop();
    }
  }, 240_000);
});
