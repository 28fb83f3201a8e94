import { mkdtempSync, rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import { fastify } from "fastify";
import { pino } from "pino";
import { hashPassword } from "../../src/domain/password-hash.ts";
import type { IdentityProvider } from "../../src/domain/sign-in.ts";
import type { Stores } from "../../src/domain/stores.ts";
import type { Tenant, TenantId } from "../../src/domain/tenant.ts";
import type { User } from "../../src/domain/user.ts";
import { createIdentity } from "../../src/identity/create-identity.ts";
import { openStores } from "../../src/stores/open-stores.ts";
import { FakeClock } from "../support/fake-clock.ts";

export const tenant: Tenant = {
  id: "11111111-2222-4333-8444-555555555555" as TenantId,
  name: "Contoso <Ltd>",
  domain: "contoso.example",
};

export const password = "a long pass phrase";

const logger = pino({ level: "silent" });

export const adele: User = {
  tenantId: tenant.id,
  upn: "adele@contoso.example",
  displayName: "Adele Vance",
  phoneNumber: "+14255550100",
  callingPolicy: "Global",
  forwarding: null,
  doNotDisturb: false,
  passwordHash: null,
};

/** The built-in identity provider on a listener of its own and a data folder that outlives it. */
export interface IdentityFixture {
  readonly provider: IdentityProvider;
  readonly stores: Stores;
  readonly clock: FakeClock;
  readonly origin: string;
  stop(): Promise<void>;
}

export interface IdentityFixtureOptions {
  /** 0, or the one of the gateway that ran before. */
  readonly port?: number;
  /** What is listened on, 127.0.0.1 unless said. */
  readonly host?: string;
  readonly publicUrl?: string;
  /** Where the state is, instead of in the folder. */
  readonly redisUrl?: string;
}

export async function startIdentity(
  folder: string,
  { port = 0, host = "127.0.0.1", publicUrl, redisUrl }: IdentityFixtureOptions = {},
): Promise<IdentityFixture> {
  const clock = new FakeClock(Date.now());
  const stores = await openStores({ dataDir: folder, redisUrl, logger });
  const app = fastify().withTypeProvider<TypeBoxTypeProvider>();
  let address: { host: string; port: number } | null = null;
  const { provider, addRoutes } = await createIdentity({
    outsideIssuer: null,
    stores,
    tenant,
    clock,
    logger,
    publicUrl: publicUrl ?? null,
    publicAddress: "192.0.2.10",
    onWrongCode: () => undefined,
    adminAddress: () => address,
  });
  addRoutes?.(app);
  await app.listen({ host, port });
  address = { host, port: (app.server.address() as AddressInfo).port };
  return {
    provider,
    stores,
    clock,
    origin: `http://127.0.0.1:${address.port}`,
    async stop() {
      app.server.closeAllConnections();
      await app.close();
      await stores.stop();
    },
  };
}

/** A data folder with Adele in it. */
export async function folderWithUsers(): Promise<{ folder: string; remove: () => void }> {
  const folder = mkdtempSync(join(tmpdir(), "sip-gateway-identity-"));
  const stores = await openStores({ dataDir: folder, redisUrl: undefined, logger });
  await stores.users.putMany([{ ...adele, passwordHash: await hashPassword(password) }]);
  await stores.stop();
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
