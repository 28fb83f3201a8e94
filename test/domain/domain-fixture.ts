import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { ensureGlobalPolicy } from "../../src/domain/ensure-global-policy.ts";
import { type MacAddress, readMacAddress } from "../../src/domain/mac-address.ts";
import type { Stores } from "../../src/domain/stores.ts";
import type { Tenant, TenantId } from "../../src/domain/tenant.ts";
import { openStores } from "../../src/stores/open-stores.ts";
import { FakeClock } from "../support/fake-clock.ts";

export const tenant: Tenant = {
  id: "11111111-2222-4333-8444-555555555555" as TenantId,
  name: "Contoso",
  domain: "contoso.example",
};

/** What the rules need, on SQLite in a folder of its own, at a time that stands still. */
export type DomainFixture = Stores & {
  readonly clock: FakeClock;
  /** The kinds of a device's history, newest first. */
  kindsOf(macAddress: MacAddress): Promise<string[]>;
  end(): Promise<void>;
};

export function mac(text: string): MacAddress {
  const reading = readMacAddress(text);
  if (!reading.ok) throw new Error(reading.reason);
  return reading.macAddress;
}

export async function openDomainFixture(): Promise<DomainFixture> {
  const folder = mkdtempSync(join(tmpdir(), "sip-gateway-domain-"));
  const logger = pino({ level: "silent" });
  const stores = await openStores({ dataDir: folder, redisUrl: undefined, logger });
  await stores.tenants.ensureFirst(tenant);
  const clock = new FakeClock();
  await ensureGlobalPolicy({ ...stores, clock }, tenant.id);
  return {
    ...stores,
    clock,
    async kindsOf(macAddress) {
      const { items } = await stores.history.list(tenant.id, macAddress, { limit: 500 });
      return items.map(({ kind }) => kind);
    },
    async end() {
      await stores.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
