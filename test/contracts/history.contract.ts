import { expect, it } from "vitest";
import { type DeviceEvent, eventsKeptPerDevice } from "../../src/domain/history.ts";
import type { TenantId } from "../../src/domain/tenant.ts";
import type { Subject } from "./backends.ts";
import { hostileTexts, mac, newTenantId, now } from "./sample-data.ts";

/** What HistoryStore promises. */
export function describeHistory(subject: Subject): void {
  const event = (tenantId: TenantId, number: number, text: string): DeviceEvent => ({
    tenantId,
    macAddress: mac(number),
    atMilliseconds: now,
    kind: "changed",
    text,
    actor: "admin",
  });
  const walk = async (tenantId: TenantId, number: number, limit: number) => {
    const texts: string[] = [];
    let cursor: string | null = null;
    do {
      const page = { limit, ...(cursor === null ? {} : { cursor }) };
      const found = await subject.stores.history.list(tenantId, mac(number), page);
      texts.push(...found.items.map((item) => item.text));
      cursor = found.nextCursor;
    } while (cursor !== null);
    return texts;
  };

  it("lists a device's events newest first, in pages, and those of no other", async () => {
    const [tenantId, elsewhere] = [newTenantId(), newTenantId()];
    const { history } = subject.stores;
    for (const text of ["1", "2", "3", "4", "5"]) await history.append(event(tenantId, 1, text));
    await history.append(event(tenantId, 2, "of another device"));
    await history.append(event(elsewhere, 1, "of another tenant"));
    for (const limit of [1, 2, 4, 5, 6]) {
      expect(await walk(tenantId, 1, limit)).toEqual(["5", "4", "3", "2", "1"]);
    }
    const all = await history.list(tenantId, mac(1), { limit: 5 });
    expect(all.nextCursor).toBeNull();
    expect(all.items[4]).toEqual(event(tenantId, 1, "1"));
    expect(await history.list(tenantId, mac(9), { limit: 5 })).toEqual({
      items: [],
      nextCursor: null,
    });
  });

  it("keeps the newest events and lets the oldest go", async () => {
    const tenantId = newTenantId();
    const texts = Array.from({ length: eventsKeptPerDevice + 20 }, (_, number) => String(number));
    for (let start = 0; start < texts.length; start += 40) {
      await Promise.all(
        texts
          .slice(start, start + 40)
          .map((text) => subject.stores.history.append(event(tenantId, 1, text))),
      );
    }
    expect(await walk(tenantId, 1, 77)).toEqual(texts.slice(20).toReversed());
  });

  it("goes on where a page ended though events came meanwhile", async () => {
    const tenantId = newTenantId();
    const { history } = subject.stores;
    for (const text of ["1", "2", "3"]) await history.append(event(tenantId, 1, text));
    const first = await history.list(tenantId, mac(1), { limit: 2 });
    await history.append(event(tenantId, 1, "4"));
    const cursor = first.nextCursor ?? "";
    const second = await history.list(tenantId, mac(1), { limit: 2, cursor });
    expect(second.items.map((item) => item.text)).toEqual(["1"]);
    expect(second.nextCursor).toBeNull();
  });

  it("takes any text for a cursor and in an event", async () => {
    const tenantId = newTenantId();
    for (const text of hostileTexts) {
      await subject.stores.history.append(event(tenantId, 1, text));
      const page = { limit: 5, cursor: text };
      await expect(subject.stores.history.list(tenantId, mac(1), page)).resolves.toBeDefined();
    }
    expect(await walk(tenantId, 1, 3)).toEqual(hostileTexts.toReversed());
  });
}
