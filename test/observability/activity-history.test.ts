import { beforeEach, describe, expect, test } from "vitest";
import { ActivityHistory, activityLimits } from "../../src/observability/activity-history.ts";
import { GatewayMetrics } from "../../src/observability/metrics.ts";
import { FakeClock } from "../support/fake-clock.ts";

const minute = 60_000;

let clock: FakeClock;
let metrics: GatewayMetrics;
let failures: unknown[];
let countBindings: () => Promise<number>;
let history: ActivityHistory;
beforeEach(() => {
  clock = new FakeClock();
  metrics = new GatewayMetrics();
  failures = [];
  countBindings = async () => 7;
  history = new ActivityHistory({
    clock,
    readTotals: () => metrics.activityTotals(),
    countCallsInProgress: () => metrics.callsInProgress,
    countBindings: () => countBindings(),
    onFailure: (error) => void failures.push(error),
  });
});

function actBusily(): void {
  for (const outcome of ["challenged", "accepted", "accepted", "refused", "fetched"]) {
    metrics.registration(outcome);
  }
  for (const end of ["completed", "busy", "cancelled", "refused", "failed"]) {
    metrics.callStarted();
    metrics.callEnded({ end });
  }
  metrics.callStarted();
  for (const outcome of ["enrolled", "wrong", "expired"]) metrics.enrollment(outcome);
  for (const status of [200, 404, 403, 429, 503]) metrics.provisioningRequest("yealink", status);
}

describe("the numbers of a node over time", () => {
  test("each minute tells what was done in it, failures apart, and what stands at its end", async () => {
    metrics.registration("accepted");
    history.start();
    actBusily();
    const startedAt = clock.nowMilliseconds();
    await clock.advanceAsync(2 * minute);
    const nothing = {
      registrations: 0,
      registrationFailures: 0,
      calls: 0,
      callFailures: 0,
      enrollments: 0,
      enrollmentFailures: 0,
      provisioningRequests: 0,
      provisioningRefusals: 0,
    };
    expect(history.read("hour")).toEqual({
      intervalSeconds: 60,
      points: [
        {
          atMilliseconds: startedAt + minute,
          registrations: 2,
          registrationFailures: 1,
          calls: 5,
          callFailures: 2,
          enrollments: 1,
          enrollmentFailures: 2,
          provisioningRequests: 5,
          provisioningRefusals: 3,
          bindings: 7,
          callsInProgress: 1,
        },
        { ...nothing, atMilliseconds: startedAt + 2 * minute, bindings: 7, callsInProgress: 1 },
      ],
    });
    expect(metrics.activityTotals()).toMatchObject({ registrations: 3, calls: 5 });
  });

  test("five minutes are one point of the day", async () => {
    history.start();
    for (let index = 0; index < 10; index++) {
      metrics.registration("accepted");
      await clock.advanceAsync(minute);
    }
    const { intervalSeconds, points } = history.read("day");
    expect([intervalSeconds, points.map(({ registrations }) => registrations)]).toEqual([
      300,
      [5, 5],
    ]);
    expect(points[0]?.bindings).toBe(7);
  });

  test("a timer that comes late makes one point of all it missed, and delays none after it", async () => {
    let now = clock.nowMilliseconds();
    const startedAt = now;
    let due = (): void => undefined;
    const waits: number[] = [];
    const late = new ActivityHistory({
      clock: {
        nowMilliseconds: () => now,
        schedule: (delayMilliseconds, action) => {
          waits.push(delayMilliseconds);
          due = action;
          return { cancel: () => undefined };
        },
      },
      readTotals: () => metrics.activityTotals(),
      countCallsInProgress: () => 0,
      countBindings,
      onFailure: () => undefined,
    });
    late.start();
    metrics.registration("accepted");
    now = startedAt + 6.5 * minute;
    due();
    expect(waits).toEqual([minute, minute / 2]);
    for (const window of ["hour", "day"] as const) {
      expect(late.read(window).points).toMatchObject([{ registrations: 1, atMilliseconds: now }]);
    }
  });

  test("keeps an hour of minutes and a day of five minutes, and no more", async () => {
    history.start();
    await clock.advanceAsync(26 * 60 * minute);
    expect(history.read("hour").points).toHaveLength(activityLimits.hour);
    const day = history.read("day").points;
    expect(day).toHaveLength(activityLimits.day);
    expect(day.at(-1)?.atMilliseconds).toBe(clock.nowMilliseconds());
  });

  test("a storage that does not answer leaves the bindings out and is asked once at a time", async () => {
    let asked = 0;
    let fail: (error: Error) => void = () => undefined;
    countBindings = () => {
      asked++;
      return new Promise((_, reject) => {
        fail = reject;
      });
    };
    history.start();
    metrics.registration("accepted");
    await clock.advanceAsync(3 * minute);
    expect(asked).toBe(1);
    fail(new Error("gone"));
    countBindings = async () => 9;
    await clock.advanceAsync(minute);
    const { points } = history.read("hour");
    expect(points.map(({ bindings }) => bindings)).toEqual([null, null, null, 9]);
    expect(points[0]?.registrations).toBe(1);
    expect(failures).toEqual([new Error("gone")]);
  });

  test("after stop nothing is sampled and no timer is left", () => {
    history.start();
    history.stop();
    expect(clock.pendingTimers).toBe(0);
  });
});
