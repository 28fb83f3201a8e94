import { randomBytes } from "node:crypto";
import { expect, it } from "vitest";
import { initialGlobalPolicy } from "../../src/domain/calling-policy.ts";
import type { LiveEvent } from "../../src/domain/live-events.ts";
import { StoreUnavailableError } from "../../src/domain/stores.ts";
import { waitUntil } from "../support/wait-until.ts";
import type { Subject } from "./backends.ts";
import {
  account,
  binding,
  code,
  device,
  hostileTexts,
  mac,
  newTenantId,
  now,
  user,
} from "./sample-data.ts";

/** What TenantStore, SecretStore, LiveEventChannel and Stores itself promise. */
export function describeGatewayWide(subject: Subject): void {
  const tenant = (name: string) => ({ id: newTenantId(), name, domain: "contoso.example" });

  it("makes the first tenant once, whoever else tries at the same time", async () => {
    const { tenants } = subject.stores;
    expect(await tenants.list()).toEqual([]);
    const candidates = hostileTexts.map(tenant);
    const firsts = await Promise.all(candidates.map((one) => tenants.ensureFirst(one)));
    expect(candidates).toContainEqual(firsts[0]);
    for (const first of firsts) expect(first).toEqual(firsts[0]);
    expect(await tenants.list()).toEqual([firsts[0]]);
    const again = await subject.openAgain();
    expect(await again.tenants.ensureFirst(tenant("Fabrikam"))).toEqual(firsts[0]);
  });

  it("makes a secret once for all, and another for another name", async () => {
    const candidates = Array.from({ length: 20 }, () => randomBytes(48));
    const secrets = await Promise.all(
      candidates.map((candidate) => subject.stores.secrets.ensure("nonce", candidate)),
    );
    expect(candidates).toContainEqual(secrets[0]);
    for (const secret of secrets) expect(secret).toEqual(secrets[0]);
    const again = await subject.openAgain();
    expect(await again.secrets.ensure("nonce", randomBytes(48))).toEqual(secrets[0]);
    for (const name of hostileTexts) {
      const candidate = randomBytes(32);
      expect(await again.secrets.ensure(name, candidate)).toEqual(candidate);
    }
  });

  it("finds everything again when it is opened again", async () => {
    const tenantId = newTenantId();
    const { stores } = subject;
    const event = {
      tenantId,
      macAddress: mac(1),
      atMilliseconds: now,
      kind: "added",
      text: "added",
      actor: "admin",
    } as const;
    await Promise.all([
      stores.devices.insert(device(tenantId, 1)),
      stores.codes.put(code(tenantId, 1)),
      stores.accounts.putMany([account(tenantId, "adele")]),
      stores.users.putMany([user(tenantId, "adele@x", "+1")]),
      stores.callingPolicies.put(tenantId, "Lobby", initialGlobalPolicy, now),
      stores.history.append(event),
      ...["sip:a@x", "sip:b@x"].map((aor) =>
        stores.bindings.update(tenantId, aor, now, () => ({ bindings: [binding(tenantId, aor)] })),
      ),
    ]);
    await stores.bindings.update(tenantId, "sip:b@x", now, () => ({ bindings: [] }));
    const again = await subject.openAgain();
    expect((await again.devices.find(tenantId, mac(1)))?.value).toEqual(device(tenantId, 1));
    expect(await again.codes.find(tenantId, mac(1))).toEqual(code(tenantId, 1));
    expect(await again.accounts.findByAuthenticationName("adele")).toBeDefined();
    expect(await again.users.findByPhoneNumber(tenantId, "+1")).toBeDefined();
    expect((await again.users.list(tenantId, { limit: 5 })).items).toHaveLength(1);
    expect((await again.callingPolicies.find(tenantId, "Lobby"))?.version).toBe(1);
    expect((await again.history.list(tenantId, mac(1), { limit: 5 })).items).toEqual([event]);
    expect(await again.bindings.find(tenantId, "sip:a@x", now)).toHaveLength(1);
    expect(await again.bindings.find(tenantId, "sip:b@x", now)).toEqual([]);
    expect(await again.bindings.count(tenantId, now)).toBe(1);
  });

  it("carries live events to every subscriber until it ends its subscription", async () => {
    const { liveEvents } = subject.stores;
    const heard: LiveEvent[] = [];
    const listener = (event: LiveEvent) => heard.push(event);
    const failing = liveEvents.subscribe(() => {
      throw new Error("a page went away");
    });
    const endFirst = liveEvents.subscribe(listener);
    const endSecond = liveEvents.subscribe(listener);
    const event = (subjectText: string): LiveEvent => ({
      type: "device",
      tenantId: newTenantId(),
      atMilliseconds: now,
      subject: subjectText,
      change: "enrolled",
    });
    const [first, second] = [event(hostileTexts[4]), event("second")];
    liveEvents.publish(first);
    await waitUntil(async () => heard[1], { what: "two subscribers hear it" });
    expect(heard).toEqual([first, first]);
    endFirst();
    failing();
    liveEvents.publish(second);
    await waitUntil(async () => heard[2], { what: "the other subscriber hears it" });
    endSecond();
    expect(heard).toEqual([first, first, second]);
  });

  it("answers a ping, and rejects everything as unavailable once it has been stopped", async () => {
    const tenantId = newTenantId();
    const { stores } = subject;
    await stores.ping();
    const lastWrite = stores.devices.insert(device(tenantId, 1));
    await stores.stop();
    expect(await lastWrite).toBe(true);
    await stores.stop();
    for (const call of [
      () => stores.ping(),
      () => stores.devices.find(tenantId, mac(1)),
      () => stores.devices.insert(device(tenantId, 2)),
      () => stores.codes.put(code(tenantId, 1)),
      () => stores.bindings.find(tenantId, "sip:a@x", now),
      () => stores.accounts.aorExists(tenantId, "sip:a@x"),
      () => stores.users.putMany([user(tenantId, "adele@x")]),
      () => stores.users.list(tenantId, { limit: 1 }),
      () => stores.users.remove(tenantId, "adele@x"),
      () => stores.devices.listByUser(tenantId, "adele@x"),
      () => stores.callingPolicies.put(tenantId, "Lobby", initialGlobalPolicy, now),
      () => stores.conditionalAccess.find(tenantId),
      () => stores.signIns.listPending("node-1"),
      () => stores.commands.takeNext(tenantId, mac(1), now, now),
      () => stores.tenants.list(),
    ]) {
      await expect(call()).rejects.toThrow(StoreUnavailableError);
    }
  });
}
