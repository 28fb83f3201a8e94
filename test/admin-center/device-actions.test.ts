import { describe, expect, test } from "vitest";
import { offeredActions } from "../../admin-center/src/pages/device/device-actions.ts";

describe("what a page offers to do with a device", () => {
  test("a sign-in where one is waited for, a sign-out where somebody is signed in", () => {
    const waiting = { state: "waiting-for-sign-in", online: true } as const;
    const signedIn = { state: "signed-in", online: true } as const;
    expect(offeredActions(waiting, "administrator")).toEqual([
      "sign-in",
      "restart",
      "sync",
      "reset",
      "delete",
    ]);
    expect(offeredActions(signedIn, "administrator")).toEqual([
      "restart",
      "sync",
      "sign-out",
      "reset",
      "delete",
    ]);
  });

  test("nothing to be sent to a phone that may never come", () => {
    const entered = { state: "waiting-on-activation", online: false } as const;
    expect(offeredActions(entered, "administrator")).toEqual(["generate-code", "reset", "delete"]);
  });

  test("codes to a technician, nothing to a reader", () => {
    const entered = { state: "waiting-on-activation", online: true } as const;
    expect(offeredActions(entered, "technician")).toEqual(["generate-code"]);
    expect(offeredActions({ ...entered, state: "signed-in" }, "technician")).toEqual([]);
    expect(offeredActions(entered, "reader")).toEqual([]);
  });
});
