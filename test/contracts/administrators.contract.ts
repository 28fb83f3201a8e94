import { randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import { type Administrator, mostAdministrators } from "../../src/domain/administrator.ts";
import {
  type AdministratorSession,
  sessionLimits,
} from "../../src/domain/administrator-session.ts";
import { hashSecret, makeAdministratorToken } from "../../src/domain/administrator-token.ts";
import type { TenantId } from "../../src/domain/tenant.ts";
import type { Subject } from "./backends.ts";
import { hostileTexts, newTenantId, now } from "./sample-data.ts";

/** What AdministratorStore promises. */
export function describeAdministrators(subject: Subject): void {
  it("finds an administrator by name in any case and by his token, and none of another tenant", async () => {
    const tenantId = newTenantId();
    const { administrators } = subject.stores;
    const zoe = administratorOf(tenantId, "Zoë");
    expect(await administrators.insert(zoe)).toBe("inserted");
    const again = (await subject.openAgain()).administrators;
    expect(await again.find(tenantId, "ZOË")).toEqual(zoe);
    expect(await again.findByTokenHash(tenantId, zoe.tokenHash ?? "")).toEqual(zoe);
    expect(await again.find(newTenantId(), "Zoë")).toBeUndefined();
    expect(await again.findByTokenHash(newTenantId(), zoe.tokenHash ?? "")).toBeUndefined();
    expect(await again.findByTokenHash(tenantId, hashSecret("other"))).toBeUndefined();
  });

  it("keeps those without a token apart from those with one", async () => {
    const tenantId = newTenantId();
    const { administrators } = subject.stores;
    const names = ["adele@contoso.example", "alex@contoso.example"];
    for (const name of names) {
      const openId = administratorOf(tenantId, name, { kind: "openid", tokenHash: null });
      expect(await administrators.insert(openId)).toBe("inserted");
      expect(await administrators.find(tenantId, name)).toEqual(openId);
    }
    expect(await administrators.findByTokenHash(tenantId, "-")).toBeUndefined();
    expect(await administrators.remove(tenantId, names[0] ?? "")).toBe(true);
    expect(await administrators.list(tenantId)).toMatchObject([{ name: names[1] }]);
  });

  it("takes a name once, whoever is first of 20 on all nodes", async () => {
    const tenantId = newTenantId();
    const nodes = await subject.nodes();
    const rivals = Array.from({ length: 20 }, (_, index) =>
      administratorOf(tenantId, index % 2 === 0 ? "Adele" : "ADELE"),
    );
    const outcomes = await Promise.all(
      rivals.map((rival, index) =>
        (nodes[index % nodes.length] ?? subject.stores).administrators.insert(rival),
      ),
    );
    expect(outcomes.filter((outcome) => outcome === "inserted")).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === "exists")).toHaveLength(19);
    const winner = rivals[outcomes.indexOf("inserted")];
    expect(await subject.stores.administrators.list(tenantId)).toEqual([winner]);
    const loser = rivals[outcomes.indexOf("exists")];
    const byToken = subject.stores.administrators.findByTokenHash(tenantId, loser?.tokenHash ?? "");
    expect(await byToken).toBeUndefined();
  });

  it("lists all by name, and takes no more than it may", async () => {
    const tenantId = newTenantId();
    const { administrators } = subject.stores;
    const all = Array.from({ length: mostAdministrators }, (_, index) =>
      administratorOf(tenantId, `a${String(mostAdministrators - index).padStart(4, "0")}`),
    );
    await Promise.all(all.map((one) => administrators.insert(one)));
    const names = (await administrators.list(tenantId)).map(({ name }) => name);
    expect(names).toEqual(all.map(({ name }) => name).sort());
    expect(await administrators.insert(administratorOf(tenantId, "late"))).toBe("full");
    expect(await administrators.insert(administratorOf(tenantId, "a0001"))).toBe("exists");
    expect(await administrators.insert(administratorOf(newTenantId(), "late"))).toBe("inserted");
  });

  it("changes a role and nothing else", async () => {
    const tenantId = newTenantId();
    const { administrators } = subject.stores;
    const adele = administratorOf(tenantId, "Adele");
    await administrators.insert(adele);
    const changed = { ...adele, role: "technician" };
    expect(await administrators.changeRole(tenantId, "adele", "technician")).toEqual(changed);
    expect(await administrators.find(tenantId, "Adele")).toEqual(changed);
    expect(await administrators.findByTokenHash(tenantId, adele.tokenHash ?? "")).toEqual(changed);
    expect(await administrators.changeRole(tenantId, "nobody", "reader")).toBeUndefined();
    expect(await administrators.changeRole(newTenantId(), "Adele", "reader")).toBeUndefined();
  });

  it("removes one; his token finds nobody, also when the name is given again", async () => {
    const tenantId = newTenantId();
    const { administrators } = subject.stores;
    const former = administratorOf(tenantId, "Adele");
    await administrators.insert(former);
    expect(await administrators.remove(newTenantId(), "Adele")).toBe(false);
    expect(await administrators.remove(tenantId, "ADELE")).toBe(true);
    expect(await administrators.remove(tenantId, "ADELE")).toBe(false);
    const next = administratorOf(tenantId, "Adele");
    expect(await administrators.insert(next)).toBe("inserted");
    expect(await administrators.findByTokenHash(tenantId, former.tokenHash ?? "")).toBeUndefined();
    expect(await administrators.findByTokenHash(tenantId, next.tokenHash ?? "")).toEqual(next);
  });

  it.each(hostileTexts)("takes %j in a name literally", async (text) => {
    const tenantId = newTenantId();
    const { administrators } = subject.stores;
    const administrator = administratorOf(tenantId, text);
    await administrators.insert(administrator);
    expect(await administrators.find(tenantId, text)).toEqual(administrator);
    const changed = await administrators.changeRole(tenantId, text, "reader");
    expect(changed).toEqual({ ...administrator, role: "reader" });
    const byToken = await administrators.findByTokenHash(tenantId, administrator.tokenHash ?? "");
    expect(byToken).toEqual(changed);
    expect(await administrators.remove(tenantId, text)).toBe(true);
    expect(await administrators.list(tenantId)).toEqual([]);
  });
}

/** What AdministratorSessionStore promises. */
export function describeAdministratorSessions(subject: Subject): void {
  it("finds a session after a restart and on other nodes, and none of another tenant", async () => {
    const session = sessionOf(newTenantId());
    await subject.stores.administratorSessions.put(session);
    const again = (await subject.openAgain()).administratorSessions;
    expect(await again.find(session.tenantId, session.idHash)).toEqual(session);
    expect(await again.find(newTenantId(), session.idHash)).toBeUndefined();
    expect(await again.find(session.tenantId, hashSecret("other"))).toBeUndefined();
  });

  it("notes when a session was used, and brings none back that has ended", async () => {
    const session = sessionOf(newTenantId());
    const { tenantId, idHash } = session;
    const { administratorSessions } = subject.stores;
    await administratorSessions.put(session);
    await administratorSessions.noteUse(tenantId, idHash, now + 60_000);
    const used = { ...session, usedAtMilliseconds: now + 60_000 };
    expect(await administratorSessions.find(tenantId, idHash)).toEqual(used);
    await administratorSessions.remove(tenantId, idHash);
    await administratorSessions.remove(tenantId, idHash);
    await administratorSessions.noteUse(tenantId, idHash, now + 120_000);
    expect(await administratorSessions.find(tenantId, idHash)).toBeUndefined();
  });

  it("ends all sessions of one administrator, and nobody else's", async () => {
    const tenantId = newTenantId();
    const { administratorSessions } = subject.stores;
    const his = [sessionOf(tenantId), sessionOf(tenantId), sessionOf(tenantId)];
    const others = [
      sessionOf(tenantId, { administratorName: "Alex" }),
      sessionOf(newTenantId()),
      sessionOf(tenantId, { administratorName: "*" }),
    ];
    for (const session of [...his, ...others]) await administratorSessions.put(session);
    await administratorSessions.removeAll(tenantId, "ADELE");
    for (const { idHash } of his) {
      expect(await administratorSessions.find(tenantId, idHash)).toBeUndefined();
    }
    for (const session of others) {
      const found = await administratorSessions.find(session.tenantId, session.idHash);
      expect(found).toEqual(session);
    }
  });

  it("keeps the newest of too many sessions of one administrator", async () => {
    const tenantId = newTenantId();
    const { administratorSessions } = subject.stores;
    const other = sessionOf(tenantId, { administratorName: "Alex" });
    await administratorSessions.put(other);
    const all = Array.from({ length: sessionLimits.most + 5 }, (_, index) =>
      sessionOf(tenantId, { createdAtMilliseconds: now + index }),
    );
    for (const session of all) await administratorSessions.put(session);
    const found = await Promise.all(
      all.map(({ idHash }) => administratorSessions.find(tenantId, idHash)),
    );
    expect(found).toEqual([...Array(5).fill(undefined), ...all.slice(5)]);
    expect(await administratorSessions.find(tenantId, other.idHash)).toEqual(other);
  });
}

function administratorOf(
  tenantId: TenantId,
  name: string,
  changes: Partial<Administrator> = {},
): Administrator {
  return {
    tenantId,
    id: randomUUID(),
    name,
    role: "administrator",
    kind: "token",
    tokenHash: hashSecret(makeAdministratorToken()),
    createdAtMilliseconds: now,
    ...changes,
  };
}

function sessionOf(
  tenantId: TenantId,
  changes: Partial<AdministratorSession> = {},
): AdministratorSession {
  return {
    tenantId,
    idHash: hashSecret(randomUUID()),
    administratorName: "Adele",
    administratorId: randomUUID(),
    createdAtMilliseconds: now,
    usedAtMilliseconds: now,
    ...changes,
  };
}
