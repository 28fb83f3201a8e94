import { describe, expect, it } from "vitest";
import {
  PasswordBrake,
  passwordBrakeLimits,
} from "../../../src/signaling/authentication/password-brake.ts";
import { FakeClock } from "../../support/fake-clock.ts";

const { mostFailures, windowMilliseconds, mostEntries } = passwordBrakeLimits;

describe("the brake on wrong passwords", () => {
  it("holds one account from one address, and lets go when the window is over", () => {
    const clock = new FakeClock();
    const brake = new PasswordBrake(clock);
    for (let failure = 0; failure < mostFailures; failure++) {
      expect(brake.isHeld("192.0.2.1", "adele")).toBe(false);
      brake.recordFailure("192.0.2.1", "adele");
    }
    expect(brake.isHeld("192.0.2.1", "adele")).toBe(true);
    expect(brake.isHeld("192.0.2.2", "adele")).toBe(false);
    expect(brake.isHeld("192.0.2.1", "bob")).toBe(false);
    clock.advance(windowMilliseconds);
    expect(brake.isHeld("192.0.2.1", "adele")).toBe(false);
  });

  it("forgets the oldest rather than grow without bound", () => {
    const brake = new PasswordBrake(new FakeClock());
    for (let failure = 0; failure < mostFailures; failure++) brake.recordFailure("old", "adele");
    for (let name = 0; name < mostEntries; name++) brake.recordFailure("new", `user ${name}`);
    expect(brake.isHeld("old", "adele")).toBe(false);
  });
});
