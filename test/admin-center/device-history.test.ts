import { describe, expect, test } from "vitest";
import {
  filterHistory,
  historyGroupOf,
} from "../../admin-center/src/pages/device/history-groups.ts";
import { keyEvents } from "../../admin-center/src/pages/device/key-events.ts";

const at = "2026-01-01T00:00:00.000Z";
const event = (kind: string, text = "It happened.") => ({ at, kind, text, actor: "phone" });

describe("a device's history on its page", () => {
  test("is shown whole or by group", () => {
    const events = [event("signed-in"), event("registered"), event("sign-in-started")];
    expect(filterHistory(events, "all")).toEqual(events);
    expect(filterHistory(events, "sign-in").map(({ kind }) => kind)).toEqual([
      "signed-in",
      "sign-in-started",
    ]);
  });

  test("keeps kinds that the page does not know, even ones named after an object's parts", () => {
    expect(historyGroupOf("new-kind")).toBe("other");
    expect(historyGroupOf("constructor")).toBe("other");
  });

  test("gives two lines that say the same a key each, which newer lines do not change", () => {
    const before = keyEvents([event("refused"), event("refused")]);
    const after = keyEvents([event("refused"), event("refused"), event("refused")]);
    expect(new Set(after.map(({ key }) => key)).size).toBe(3);
    expect(after.slice(1).map(({ key }) => key)).toEqual(before.map(({ key }) => key));
  });
});
