import { describe, expect, test } from "vitest";
import type { SignInStatus, StartedSignIn } from "../../admin-center/src/api/sign-in-types.ts";
import {
  isSettled,
  mayBeginAgain,
  signInStanding,
  signInSteps,
} from "../../admin-center/src/parts/sign-in-standing.ts";

const started: StartedSignIn = {
  userCode: "BCDF-GHJK",
  verificationUri: "http://127.0.0.1/devicelogin",
  verificationUriComplete: "http://127.0.0.1/devicelogin?user_code=BCDF-GHJK",
  expiresAt: "2026-01-01T00:15:00.000Z",
  intervalSeconds: 5,
};
const pending: SignInStatus = {
  status: "pending",
  reason: null,
  upn: null,
  phone: null,
  startedAt: "2026-01-01T00:00:00.000Z",
  expiresAt: started.expiresAt,
};

function completedWith(step: "told" | "fetched" | "registered"): SignInStatus {
  const phone = { step, signedInAt: pending.startedAt, fetchedAt: null, registeredAt: null };
  return { ...pending, status: "completed", upn: "adele@contoso.example", phone };
}

describe("where a sign-in stands", () => {
  test("waits until the gateway says more", () => {
    expect(signInStanding(started, undefined)).toEqual({ kind: "waiting" });
    expect(signInStanding(started, pending)).toEqual({ kind: "waiting" });
  });

  test("is replaced where the device's last sign-in is another one", () => {
    const other = { ...pending, expiresAt: "2026-01-01T00:16:00.000Z" };
    expect(signInStanding(started, other)).toEqual({ kind: "replaced" });
  });

  test("has come to nothing, with the reason", () => {
    const failed: SignInStatus = { ...pending, status: "failed", reason: "Phone number missing." };
    const standing = signInStanding(started, failed);
    expect(standing).toEqual({ kind: "failed", reason: "Phone number missing." });
    expect([isSettled(standing), mayBeginAgain(standing)]).toEqual([true, true]);
    expect(signInSteps(standing)).toEqual([]);
  });

  test("is over where the user was signed out meanwhile", () => {
    const standing = signInStanding(started, { ...completedWith("told"), phone: null });
    expect([standing.kind, isSettled(standing)]).toEqual(["ended", true]);
  });

  test("follows the phone until it is registered", () => {
    const places = (step: "told" | "fetched" | "registered") =>
      signInSteps(signInStanding(started, completedWith(step))).map(({ place }) => place);
    expect(places("told")).toEqual(["done", "done", "now", "to-come"]);
    expect(places("fetched")).toEqual(["done", "done", "done", "now"]);
    expect(places("registered")).toEqual(["done", "done", "done", "done"]);
    expect(isSettled(signInStanding(started, completedWith("fetched")))).toBe(false);
    expect(isSettled(signInStanding(started, completedWith("registered")))).toBe(true);
  });
});
