import { describe, expect, test } from "vitest";
import type { CallRecord } from "../../admin-center/src/api/call-types.ts";
import {
  callStanding,
  partyName,
  passesCallFilter,
  talkedSeconds,
} from "../../admin-center/src/pages/calls/call-standing.ts";

const answeredAt = "2026-01-05T08:00:00.000Z";
const endedAt = "2026-01-05T08:01:05.900Z";

function record(part: Partial<CallRecord>): CallRecord {
  return {
    callId: "one",
    from: "sip:a@contoso.example",
    to: "sip:b@contoso.example",
    kind: "user",
    answeredBy: null,
    startedAt: answeredAt,
    answeredAt: null,
    endedAt: null,
    status: null,
    end: null,
    ...part,
  };
}

describe("a call on the page", () => {
  test.each([
    [{}, "ringing"],
    [{ answeredAt }, "talking"],
    [{ answeredAt, endedAt, end: "completed" }, "completed"],
    [{ endedAt, end: "no-answer" }, "no-answer"],
    [{ endedAt, end: "something new" }, undefined],
  ])("%j stands as %s", (part, standing) => {
    expect(callStanding(record(part))).toBe(standing);
  });

  test("counts what was talked, until now while it lasts", () => {
    expect(talkedSeconds({ answeredAt, endedAt }, 0)).toBe(65);
    expect(talkedSeconds({ answeredAt, endedAt: null }, Date.parse(answeredAt) + 3999)).toBe(3);
    expect(talkedSeconds({ answeredAt: null, endedAt }, 0)).toBeUndefined();
  });

  test("never counts below nothing, as where the gateway's clock is ahead", () => {
    expect(talkedSeconds({ answeredAt, endedAt: null }, Date.parse(answeredAt) - 1)).toBe(0);
  });

  test("is refused or failed, or not", () => {
    const isShown = (end: string) => passesCallFilter(record({ endedAt, end }), "unsuccessful");
    expect(isShown("failed")).toBe(true);
    expect(isShown("refused")).toBe(true);
    expect(isShown("busy")).toBe(false);
    expect(passesCallFilter(record({}), "in-progress")).toBe(true);
    expect(passesCallFilter(record({ endedAt }), "in-progress")).toBe(false);
  });

  test.each([
    ["sip:+14255550101@contoso.example", "+14255550101"],
    ["sips:adele@contoso.example;user=phone", "adele"],
    ["*55*", "*55*"],
    ["911", "911"],
  ])("names %s %s", (aor, name) => {
    expect(partyName(aor)).toBe(name);
  });
});
