import { describe, expect, it } from "vitest";
import { LabClock } from "../../src/lab/lab-clock.ts";
import { FakeClock } from "../support/fake-clock.ts";

describe("the laboratory's clock", () => {
  it("runs like the machine's until it is moved", () => {
    const machine = new FakeClock(1_000);
    const clock = new LabClock(machine);
    machine.advance(500);
    expect(clock.nowMilliseconds()).toBe(1_500);
    expect(clock.advance(60_000)).toBe(61_500);
    expect(machine.nowMilliseconds()).toBe(1_500);
  });

  it("fires timers that a move makes due, in their order, and keeps the others", () => {
    const machine = new FakeClock();
    const clock = new LabClock(machine);
    const fired: string[] = [];
    clock.schedule(20_000, () => fired.push("second"));
    clock.schedule(10_000, () => fired.push("first"));
    clock.schedule(90_000, () => fired.push("later"));
    clock.advance(30_000);
    machine.advance(0);
    expect(fired).toEqual(["first", "second"]);
    machine.advance(59_999);
    expect(fired).toEqual(["first", "second"]);
    machine.advance(1);
    expect(fired).toEqual(["first", "second", "later"]);
  });

  it("never fires a timer that was cancelled, before or after a move", () => {
    const machine = new FakeClock();
    const clock = new LabClock(machine);
    let fired = 0;
    const timer = clock.schedule(10_000, () => fired++);
    clock.advance(5_000);
    timer.cancel();
    clock.advance(50_000);
    machine.advance(60_000);
    expect(fired).toBe(0);
    expect(machine.pendingTimers).toBe(0);
  });
});
