import { expect, it } from "vitest";
import type { Binding, BindingQuery } from "../../src/domain/binding.ts";
import type { TenantId } from "../../src/domain/tenant.ts";
import type { Subject } from "./backends.ts";
import { binding, hostileTexts, mac, newTenantId, now } from "./sample-data.ts";

/** What BindingStore.list promises. */
export function describeBindingLists(subject: Subject): void {
  const walk = async (tenantId: TenantId, query: Partial<BindingQuery>) => {
    const items: Binding[] = [];
    let cursor: string | null = null;
    do {
      const page = await subject.stores.bindings.list(tenantId, {
        limit: 1000,
        nowMilliseconds: now,
        ...query,
        ...(cursor === null ? {} : { cursor }),
      });
      expect(page.items.length).toBeLessThanOrEqual(query.limit ?? 1000);
      items.push(...page.items);
      cursor = page.nextCursor;
    } while (cursor !== null);
    return items;
  };
  const write = async (tenantId: TenantId, bindings: readonly Binding[]) => {
    const byAor = Map.groupBy(bindings, (one) => one.aor);
    await Promise.all(
      [...byAor].map(([aor, ofAor]) =>
        subject.stores.bindings.update(tenantId, aor, now, () => ({ bindings: ofAor })),
      ),
    );
  };
  const aorOf = (number: number) => `sip:${String(number).padStart(5, "0")}@contoso.example`;

  it("walks all bindings in the order of AOR, whatever the size of a page", async () => {
    const tenantId = newTenantId();
    const all = Array.from({ length: 500 }, (_, number) =>
      binding(tenantId, aorOf(number), { cseq: number }),
    );
    await write(tenantId, all.toReversed());
    for (const limit of [1, 7, 100, 250, 499, 500, 1000]) {
      expect(await walk(tenantId, { limit })).toEqual(all);
    }
    expect(await walk(newTenantId(), {})).toEqual([]);
  });

  it("walks several bindings of one AOR, also where a page ends between them", async () => {
    const tenantId = newTenantId();
    const all = [0, 1, 2, 3].flatMap((number) =>
      [0, 1, 2].map((port) =>
        binding(tenantId, aorOf(number), { contact: `sip:${number}@192.0.2.1:${port}` }),
      ),
    );
    await write(tenantId, all);
    for (const limit of [1, 2, 3, 4, 5, 12, 13]) {
      expect(await walk(tenantId, { limit })).toEqual(all);
    }
  });

  it("lists live ones only, by the given time", async () => {
    const tenantId = newTenantId();
    await write(
      tenantId,
      [1, 2, 3].map((number) =>
        binding(tenantId, aorOf(number), { expiresAtMilliseconds: now + number }),
      ),
    );
    const later = await walk(tenantId, { nowMilliseconds: now + 2, limit: 1 });
    expect(later.map((one) => one.aor)).toEqual([aorOf(3)]);
  });

  it("lists those of one AOR, of one device, or of both", async () => {
    const tenantId = newTenantId();
    const on = (aor: string, number: number) =>
      binding(tenantId, aor, { contact: `sip:${number}@x`, macAddress: mac(number) });
    const all = [on(aorOf(1), 1), on(aorOf(1), 2), on(aorOf(2), 1), on(aorOf(3), 3)];
    await write(tenantId, all);
    expect(await walk(tenantId, { aor: aorOf(1), limit: 1 })).toEqual(all.slice(0, 2));
    expect(await walk(tenantId, { macAddress: mac(1), limit: 1 })).toEqual([all[0], all[2]]);
    expect(await walk(tenantId, { aor: aorOf(1), macAddress: mac(2) })).toEqual([all[1]]);
    expect(await walk(tenantId, { aor: aorOf(3), macAddress: mac(2) })).toEqual([]);
    expect(await walk(tenantId, { aor: aorOf(9) })).toEqual([]);
    expect(await walk(tenantId, { macAddress: mac(9) })).toEqual([]);
  });

  it("takes any text for a cursor", async () => {
    const tenantId = newTenantId();
    await write(tenantId, [binding(tenantId, aorOf(1))]);
    for (const cursor of [...hostileTexts, "", "99999999999999999999 x", "-1 x", "NaN x"]) {
      const query = { limit: 5, cursor, nowMilliseconds: now };
      await expect(subject.stores.bindings.list(tenantId, query)).resolves.toBeDefined();
    }
  });
}
