import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  applyRegistration,
  outOfOrderWindowMilliseconds,
  type RegistrationDecision,
  type RegistrationRequest,
  type RequestedContact,
  registrationLimits,
} from "../../src/domain/apply-registration.ts";
import type { Binding } from "../../src/domain/binding.ts";
import { tenant } from "./domain-fixture.ts";

const now = Date.parse("2026-01-05T08:00:00Z");

/** Stands in for RFC 3261 §19.1.4: host names are equal in any case. */
const sameUri = (left: string, right: string) => left.toLowerCase() === right.toLowerCase();

function contact(uri: string, changes: Partial<RequestedContact> = {}): RequestedContact {
  return { uri, expiresSeconds: undefined, q: 1, instanceId: null, regId: null, ...changes };
}

function register(changes: Partial<RegistrationRequest> = {}): RegistrationRequest {
  return {
    tenantId: tenant.id,
    aor: "sip:+14255550100@contoso.example",
    callId: "call-1",
    cseq: 1,
    contacts: [contact("sip:a@192.0.2.1:5060")],
    expiresSeconds: undefined,
    path: [],
    flow: { id: "flow-1", transport: "udp", remoteAddress: "192.0.2.1", remotePort: 5060 },
    nodeId: "node-1",
    userAgent: "Yealink",
    macAddress: null,
    ...changes,
  };
}

function apply(
  current: readonly Binding[],
  changes: Partial<RegistrationRequest> = {},
  at = now,
): RegistrationDecision {
  return applyRegistration(current, register(changes), at, registrationLimits, sameUri);
}

function accepted(decision: RegistrationDecision) {
  if (decision.outcome !== "accepted") throw new Error(decision.outcome);
  return decision;
}

function bound(current: readonly Binding[], changes: Partial<RegistrationRequest> = {}, at = now) {
  return accepted(apply(current, changes, at)).bindings;
}

function lifetimes(bindings: readonly Binding[]): number[] {
  return bindings.map((binding) => (binding.expiresAtMilliseconds - now) / 1000);
}

describe("§10.3 step 7: CSeq orders requests of one Call-ID", () => {
  const current = bound([], { cseq: 10 });

  test("a lower CSeq is an old request that came late: refused", () => {
    expect(apply(current, { cseq: 9 }, now + 1000).outcome).toBe("out-of-order");
  });

  test("an equal CSeq is a retransmission: answered as before, with no second binding", () => {
    const again = accepted(apply(current, { cseq: 10 }, now + 500));
    expect(again.bindings).toHaveLength(1);
    expect([again.added, again.removed]).toEqual([0, 0]);
  });

  test("a higher CSeq refreshes, and the binding keeps when it first came", () => {
    const [binding] = bound(current, { cseq: 11 }, now + 1000);
    expect(binding).toMatchObject({
      cseq: 11,
      registeredAtMilliseconds: now,
      refreshedAtMilliseconds: now + 1000,
    });
  });

  test("another Call-ID counts anew", () => {
    expect(bound(current, { callId: "call-2", cseq: 1 })).toHaveLength(1);
  });

  test("a phone that rebooted with the same Call-ID is let in once the window is over", () => {
    const late = now + outOfOrderWindowMilliseconds;
    expect(apply(current, { cseq: 1 }, late - 1).outcome).toBe("out-of-order");
    expect(bound(current, { cseq: 1 }, late)[0]?.cseq).toBe(1);
  });

  test("removing everything is subject to the same order", () => {
    const wildcard = { contacts: "*", expiresSeconds: 0 } as const;
    expect(apply(current, { ...wildcard, cseq: 9 }).outcome).toBe("out-of-order");
    expect(accepted(apply(current, { ...wildcard, cseq: 11 }))).toMatchObject({
      bindings: [],
      removed: 1,
    });
  });
});

describe("§10.3 step 7: all Contacts are applied, or none", () => {
  test("every Contact counts, not only the first", () => {
    const contacts = [contact("sip:a@192.0.2.1"), contact("sip:b@192.0.2.2", { q: 0.5 })];
    const decision = accepted(apply([], { contacts }));
    expect(decision.bindings.map(({ contact: uri, q }) => [uri, q])).toEqual([
      ["sip:a@192.0.2.1", 1],
      ["sip:b@192.0.2.2", 0.5],
    ]);
    expect(decision.added).toBe(2);
  });

  test.each<[string, RequestedContact]>([
    ["too brief", contact("sip:b@192.0.2.2", { expiresSeconds: 5 })],
    ["out of order", contact("sip:a@192.0.2.1:5060")],
  ])("one that is %s spoils the others", (_case, spoilt) => {
    const current = bound([], { cseq: 10 });
    const contacts = [contact("sip:new@192.0.2.9"), spoilt];
    expect(apply(current, { contacts, cseq: 5 }, now + 1).bindings).toBeUndefined();
  });

  test("one can be removed while another is added", () => {
    const current = bound([]);
    const contacts = [
      contact("sip:a@192.0.2.1:5060", { expiresSeconds: 0 }),
      contact("sip:b@192.0.2.2"),
    ];
    const decision = accepted(apply(current, { contacts, cseq: 2 }));
    expect(decision.bindings.map((binding) => binding.contact)).toEqual(["sip:b@192.0.2.2"]);
    expect([decision.added, decision.removed]).toEqual([1, 1]);
  });

  test("removing what is not there is accepted and changes nothing", () => {
    const contacts = [contact("sip:gone@192.0.2.2", { expiresSeconds: 0 })];
    expect(accepted(apply(bound([]), { contacts, cseq: 2 }))).toMatchObject({ removed: 0 });
  });
});

describe("§10.3 step 6: Contact: *", () => {
  test.each([undefined, 1, 3600])("with Expires %s is a bad request", (expiresSeconds) => {
    expect(apply(bound([]), { contacts: "*", expiresSeconds, cseq: 2 }).outcome).toBe(
      "bad-wildcard",
    );
  });

  test("on no bindings is accepted", () => {
    expect(accepted(apply([], { contacts: "*", expiresSeconds: 0 })).removed).toBe(0);
  });
});

describe("§10.2.1.1: how long a binding lives", () => {
  test.each<[string, number | undefined, number | undefined, number]>([
    ["neither says: the default", undefined, undefined, 1800],
    ["the Expires header", undefined, 600, 600],
    ["the Contact's parameter beats the header", 300, 600, 300],
    ["the shortest that is granted", 60, undefined, 60],
    ["the longest that is granted", 3300, undefined, 3300],
    ["an hour is shortened", undefined, 3600, 3300],
    ["2³² − 1 is shortened, too", 4_294_967_295, undefined, 3300],
  ])("%s", (_case, expiresSeconds, header, granted) => {
    const contacts = [contact("sip:a@192.0.2.1", { expiresSeconds })];
    expect(lifetimes(bound([], { contacts, expiresSeconds: header }))).toEqual([granted]);
  });

  test.each([1, 59])("%i s is too brief, and the least is said (§21.4.17)", (expiresSeconds) => {
    expect(apply([], { expiresSeconds })).toEqual({
      outcome: "too-brief",
      bindings: undefined,
      leastSeconds: 60,
    });
  });

  test("a Contact's own expires keeps it from the header's being too brief", () => {
    const contacts = [contact("sip:a@192.0.2.1", { expiresSeconds: 120 })];
    expect(lifetimes(bound([], { contacts, expiresSeconds: 5 }))).toEqual([120]);
  });
});

test("§10.2.3 a REGISTER without Contact fetches what there is and changes nothing", () => {
  const current = bound([]);
  expect(apply(current, { contacts: [] })).toEqual({
    outcome: "fetched",
    bindings: undefined,
    current,
  });
});

describe("what makes two bindings the same", () => {
  test("§19.1.4 equal URIs, however they are written", () => {
    const current = bound([], { contacts: [contact("sip:a@Phone.Example")] });
    expect(bound(current, { contacts: [contact("sip:a@phone.example")], cseq: 2 })).toHaveLength(1);
  });

  test("RFC 5626 §6 instance and reg-id, though the URI changed", () => {
    const outbound = { instanceId: "urn:uuid:1", regId: 1 };
    const current = bound([], { contacts: [contact("sip:a@192.0.2.1:1024", outbound)] });
    const next = bound(current, { contacts: [contact("sip:a@192.0.2.1:2048", outbound)], cseq: 2 });
    expect(next.map((binding) => binding.contact)).toEqual(["sip:a@192.0.2.1:2048"]);
  });

  test("RFC 5626 §6 another reg-id of the same instance is another binding", () => {
    const flow = (regId: number) => contact("sip:a@192.0.2.1", { instanceId: "urn:uuid:1", regId });
    const current = bound([], { contacts: [flow(1)] });
    expect(bound(current, { contacts: [flow(2)], cseq: 2 })).toHaveLength(2);
  });
});

describe("more bindings than an AOR can have", () => {
  const full = Array.from({ length: registrationLimits.mostBindings }, (_, index) =>
    bound([], { callId: `c${index}`, contacts: [contact(`sip:p${index}@192.0.2.1`)] }, now + index),
  ).flat();

  test("the stalest goes, so that a phone that came back is never shut out", () => {
    const next = bound(full, { callId: "new", contacts: [contact("sip:new@192.0.2.9")] }, now + 99);
    const uris = next.map((binding) => binding.contact);
    expect(uris).toHaveLength(registrationLimits.mostBindings);
    expect(uris).toContain("sip:new@192.0.2.9");
    expect(uris).not.toContain("sip:p0@192.0.2.1");
  });

  test("one request alone cannot have more either", () => {
    const contacts = Array.from({ length: 50 }, (_, index) => contact(`sip:p${index}@192.0.2.1`));
    expect(bound([], { contacts })).toHaveLength(registrationLimits.mostBindings);
  });
});

test("whatever comes, bindings are bounded, unique, and live for a granted time", () => {
  const contacts = fc.array(
    fc.record({
      uri: fc.constantFrom("sip:a@x", "sip:A@x", "sip:b@x", "sip:c@x"),
      expiresSeconds: fc.option(fc.nat(5000), { nil: undefined }),
      q: fc.constant(1),
      instanceId: fc.constant(null),
      regId: fc.constant(null),
    }),
    { maxLength: 4 },
  );
  const request = fc.record({
    contacts,
    cseq: fc.nat(5),
    callId: fc.constantFrom("c1", "c2"),
    expiresSeconds: fc.option(fc.nat(5000), { nil: undefined }),
  });
  fc.assert(
    fc.property(fc.array(request, { maxLength: 8 }), (requests) => {
      let current: readonly Binding[] = [];
      requests.forEach((changes, index) => {
        const at = now + index * 10_000;
        current = apply(current, changes, at).bindings ?? current;
        const uris = current.map((binding) => binding.contact.toLowerCase());
        expect(new Set(uris).size).toBe(uris.length);
        for (const { expiresAtMilliseconds, refreshedAtMilliseconds } of current) {
          const seconds = (expiresAtMilliseconds - refreshedAtMilliseconds) / 1000;
          expect(seconds).toBeGreaterThanOrEqual(registrationLimits.leastExpiresSeconds);
          expect(seconds).toBeLessThanOrEqual(registrationLimits.mostExpiresSeconds);
        }
      });
    }),
  );
});
