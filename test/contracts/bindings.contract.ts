import { expect, it } from "vitest";
import type { Binding } from "../../src/domain/binding.ts";
import type { Subject } from "./backends.ts";
import { binding, hostileTexts, mac, newTenantId, now } from "./sample-data.ts";

const aor = "sip:+14255550100@contoso.example";
const hour = 3_600_000;

/** What BindingStore promises about changing and finding bindings. */
export function describeBindings(subject: Subject): void {
  it("writes what was decided, and finds it as it was given", async () => {
    const tenantId = newTenantId();
    const one = binding(tenantId, aor, {
      instanceId: "urn:uuid:00000000-0000-1000-8000-805ec0000001",
      regId: 1,
      q: 0.5,
      path: ["<sip:edge.example;lr>", "<sip:other.example;lr>"],
      macAddress: mac(1),
    });
    const other = binding(tenantId, aor, { contact: "sip:other@192.0.2.2" });
    const decision = await subject.stores.bindings.update(tenantId, aor, now, (current) => {
      expect(current).toEqual([]);
      return { bindings: [one, other], answer: 42 };
    });
    expect(decision).toEqual({ bindings: [one, other], answer: 42 });
    expect(await subject.stores.bindings.find(tenantId, aor, now)).toEqual([one, other]);
    expect(await subject.stores.bindings.find(newTenantId(), aor, now)).toEqual([]);
    expect(await subject.stores.bindings.find(tenantId, "sip:nobody@x", now)).toEqual([]);
  });

  it("leaves the bindings as they are when the decision names none", async () => {
    const tenantId = newTenantId();
    const one = binding(tenantId, aor);
    const { bindings } = subject.stores;
    await bindings.update(tenantId, aor, now, () => ({ bindings: [one] }));
    const kept = await bindings.update(tenantId, aor, now, (current) => ({
      bindings: undefined,
      seen: current.length,
    }));
    expect(kept).toEqual({ bindings: undefined, seen: 1 });
    expect(await bindings.find(tenantId, aor, now)).toEqual([one]);
  });

  it("ends all bindings when the decision is an empty list, from no bindings as well", async () => {
    const tenantId = newTenantId();
    const { bindings } = subject.stores;
    const none = { bindings: [] };
    expect(await bindings.update(tenantId, aor, now, () => none)).toEqual(none);
    await bindings.update(tenantId, aor, now, () => ({ bindings: [binding(tenantId, aor)] }));
    await bindings.update(tenantId, aor, now, () => none);
    expect(await bindings.find(tenantId, aor, now)).toEqual([]);
    expect(await bindings.count(tenantId, now)).toBe(0);
  });

  it("never gives out or hands to a decision what expired at the given time", async () => {
    const tenantId = newTenantId();
    const { bindings } = subject.stores;
    const short = binding(tenantId, aor, { contact: "sip:a@x", expiresAtMilliseconds: now + 60 });
    const long = binding(tenantId, aor, { contact: "sip:b@x" });
    await bindings.update(tenantId, aor, now, () => ({ bindings: [short, long] }));
    expect(await bindings.find(tenantId, aor, now + 59)).toEqual([short, long]);
    expect(await bindings.find(tenantId, aor, now + 60)).toEqual([long]);
    expect(await bindings.count(tenantId, now + 59)).toBe(2);
    expect(await bindings.count(tenantId, now + 60)).toBe(1);
    await bindings.update(tenantId, aor, now + 60, (current) => {
      expect(current).toEqual([long]);
      return { bindings: current };
    });
    expect(await bindings.find(tenantId, aor, now)).toEqual([long]);
  });

  it("loses nothing of 50 concurrent updates of one AOR, on all nodes", async () => {
    const tenantId = newTenantId();
    const nodes = await subject.nodes();
    await Promise.all(
      Array.from({ length: 50 }, (_, number) => {
        const contact = `sip:phone@192.0.2.1:${10_000 + number}`;
        const node = nodes[number % nodes.length] ?? subject.stores;
        return node.bindings.update(tenantId, aor, now, (current) => ({
          bindings: [...current, binding(tenantId, aor, { contact })],
        }));
      }),
    );
    const found = await subject.stores.bindings.find(tenantId, aor, now);
    expect(new Set(found.map((one) => one.contact)).size).toBe(50);
    expect(await subject.stores.bindings.count(tenantId, now)).toBe(50);
  });

  it("rejects with what a decision throws, and changes nothing", async () => {
    const tenantId = newTenantId();
    const { bindings } = subject.stores;
    const one = binding(tenantId, aor);
    await bindings.update(tenantId, aor, now, () => ({ bindings: [one] }));
    const beside = bindings.update(tenantId, "sip:beside@x", now, () => ({
      bindings: [binding(tenantId, "sip:beside@x")],
    }));
    const failing = bindings.update(tenantId, aor, now, () => {
      throw new RangeError("cannot decide");
    });
    await expect(failing).rejects.toThrow(new RangeError("cannot decide"));
    await beside;
    expect(await bindings.find(tenantId, aor, now)).toEqual([one]);
    expect(await bindings.find(tenantId, "sip:beside@x", now)).toHaveLength(1);
  });

  it("shows each write to the reads that come after it, and what others wrote meanwhile", async () => {
    const tenantId = newTenantId();
    const { bindings } = subject.stores;
    for (let cseq = 1; cseq <= 20; cseq++) {
      await bindings.update(tenantId, aor, now, (current) => {
        expect(current[0]?.cseq ?? 0).toBe(cseq - 1);
        return { bindings: [binding(tenantId, aor, { cseq, expiresAtMilliseconds: now + cseq })] };
      });
      expect((await bindings.find(tenantId, aor, now))[0]?.cseq).toBe(cseq);
    }
    expect(await bindings.count(tenantId, now)).toBe(1);
    expect(await bindings.count(tenantId, now + 19)).toBe(1);
    expect(await bindings.count(tenantId, now + 20)).toBe(0);
  });

  it("counts each device with a live binding once, whatever AORs and bindings it has", async () => {
    const tenantId = newTenantId();
    const { bindings } = subject.stores;
    const write = (name: string, changes: readonly Partial<Binding>[]) =>
      bindings.update(tenantId, name, now, () => ({
        bindings: changes.map((change) => binding(tenantId, name, change)),
      }));
    await write(aor, [
      { macAddress: mac(1), contact: "sip:a@x", expiresAtMilliseconds: now + 60 },
      { macAddress: mac(2), contact: "sip:b@x", expiresAtMilliseconds: now + 30 },
      { macAddress: null, contact: "sip:c@x" },
    ]);
    await write("sip:other@x", [{ macAddress: mac(1), expiresAtMilliseconds: now + 90 }]);
    expect(await bindings.countOnlineDevices(tenantId, now)).toBe(2);
    expect(await bindings.countOnlineDevices(tenantId, now + 30)).toBe(1);
    expect(await bindings.countOnlineDevices(tenantId, now + 90)).toBe(0);
    expect(await bindings.countOnlineDevices(newTenantId(), now)).toBe(0);
  });

  it("tells the live registration of each device, in the order asked for", async () => {
    const tenantId = newTenantId();
    const { bindings } = subject.stores;
    const write = (under: string, begin: number, end: number, number: number) =>
      bindings.update(tenantId, under, now, (current) => ({
        bindings: [
          ...current,
          binding(tenantId, under, {
            contact: `sip:${begin}@x`,
            macAddress: mac(number),
            registeredAtMilliseconds: now + begin,
            expiresAtMilliseconds: now + end,
          }),
        ],
      }));
    await write("sip:a@x", 1, 100, 1);
    await write("sip:b@x", 2, 200, 1);
    await write("sip:b@x", 3, 300, 2);
    const at = (later: number) =>
      bindings.registrationsOf(tenantId, [mac(2), mac(9), mac(1)], now + later);
    const registration = (begin: number, end: number) => ({
      registeredAtMilliseconds: now + begin,
      expiresAtMilliseconds: now + end,
    });
    expect(await at(99)).toEqual([registration(3, 300), undefined, registration(1, 200)]);
    expect(await at(100)).toEqual([registration(3, 300), undefined, registration(2, 200)]);
    expect(await at(200)).toEqual([registration(3, 300), undefined, undefined]);
    expect(await bindings.registrationsOf(tenantId, [], now)).toEqual([]);
    expect(await bindings.registrationsOf(newTenantId(), [mac(1)], now)).toEqual([undefined]);
  });

  it("knows a device by its new AOR when its binding moved", async () => {
    const tenantId = newTenantId();
    const { bindings } = subject.stores;
    const one = binding(tenantId, aor, { macAddress: mac(1) });
    await bindings.update(tenantId, aor, now, () => ({ bindings: [one] }));
    const moved = { ...one, macAddress: mac(2) };
    await bindings.update(tenantId, aor, now, () => ({ bindings: [moved] }));
    const registrations = await bindings.registrationsOf(tenantId, [mac(1), mac(2)], now);
    expect(registrations.map((found) => found !== undefined)).toEqual([false, true]);
    expect(await bindings.removeByDevice(tenantId, mac(1))).toBe(0);
    expect(await bindings.removeByDevice(tenantId, mac(2))).toBe(1);
  });

  it("ends every binding of a device and no other, and says how many", async () => {
    const [tenantId, elsewhere] = [newTenantId(), newTenantId()];
    const { bindings } = subject.stores;
    const write = (tenant: typeof tenantId, under: string, numbers: readonly number[]) =>
      bindings.update(tenant, under, now, () => ({
        bindings: numbers.map((number) =>
          binding(tenant, under, { contact: `sip:${number}@x`, macAddress: mac(number) }),
        ),
      }));
    await write(tenantId, "sip:a@x", [1, 2]);
    await write(tenantId, "sip:b@x", [1]);
    await write(elsewhere, "sip:a@x", [1]);
    expect(await bindings.removeByDevice(tenantId, mac(1))).toBe(2);
    expect(await bindings.removeByDevice(tenantId, mac(1))).toBe(0);
    expect(await bindings.find(tenantId, "sip:a@x", now)).toMatchObject([{ macAddress: mac(2) }]);
    expect(await bindings.find(tenantId, "sip:b@x", now)).toEqual([]);
    expect(await bindings.count(elsewhere, now)).toBe(1);
  });

  it("collects bindings that expired before the given time, at most as many as asked for", async () => {
    const [tenantId, elsewhere] = [newTenantId(), newTenantId()];
    const { bindings } = subject.stores;
    for (const tenant of [tenantId, elsewhere]) {
      for (let number = 0; number < 10; number++) {
        const under = `sip:${number}@x`;
        const expiring = binding(tenant, under, { expiresAtMilliseconds: now + number });
        const staying = binding(tenant, under, { contact: "sip:staying@x" });
        await bindings.update(tenant, under, now - hour, () => ({ bindings: [expiring, staying] }));
      }
    }
    expect(await bindings.removeExpired(now, 100)).toBe(0);
    expect(await bindings.removeExpired(now + 1, 100)).toBe(2);
    expect(await bindings.removeExpired(now + 5, 3)).toBe(3);
    expect(await bindings.removeExpired(now + 5, 100)).toBe(5);
    expect(await bindings.removeExpired(now + 5, 100)).toBe(0);
    expect(await bindings.count(tenantId, now - hour)).toBe(15);
    expect(await bindings.count(elsewhere, now - hour)).toBe(15);
    expect(await bindings.find(tenantId, "sip:5@x", now)).toHaveLength(2);
    expect(await bindings.find(tenantId, "sip:4@x", now)).toHaveLength(1);
  });

  it.each(hostileTexts)("takes %j as an AOR and in every field literally", async (text) => {
    const tenantId = newTenantId();
    const { bindings } = subject.stores;
    const hostile = binding(tenantId, text, {
      contact: text,
      instanceId: text,
      callId: text,
      path: [text],
      userAgent: text,
      macAddress: mac(1),
    });
    await bindings.update(tenantId, text, now, () => ({ bindings: [hostile] }));
    expect(await bindings.find(tenantId, text, now)).toEqual([hostile]);
    const page = await bindings.list(tenantId, { aor: text, limit: 5, nowMilliseconds: now });
    expect(page).toEqual({ items: [hostile], nextCursor: null });
    expect(await bindings.removeByDevice(tenantId, mac(1))).toBe(1);
    expect(await bindings.count(tenantId, now)).toBe(0);
  });
}
