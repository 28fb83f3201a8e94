import { describe, expect, test } from "vitest";
import type { ActivityPoint } from "../../admin-center/src/api/dashboard-types.ts";
import { summarizeSeries } from "../../admin-center/src/pages/dashboard/activity-series.ts";
import { linkToState } from "../../admin-center/src/pages/dashboard/link-to-state.ts";
import { formatDuration } from "../../admin-center/src/parts/format-duration.ts";

function point(minute: number, calls: number, bindings: number | null): ActivityPoint {
  return {
    at: `2026-01-05T08:0${minute}:00.000Z`,
    registrations: 0,
    registrationFailures: 0,
    calls,
    callFailures: 0,
    enrollments: 0,
    enrollmentFailures: 0,
    provisioningRequests: 0,
    provisioningRefusals: 0,
    bindings,
    callsInProgress: 0,
  };
}

describe("a chart in words", () => {
  test("tells the last number and the highest, with the first time of it", () => {
    const points = [point(1, 3, 10), point(2, 7, 12), point(3, 7, 11), point(4, 0, null)];
    expect(summarizeSeries(points, "calls")).toEqual({
      latest: 0,
      highest: 7,
      highestAt: "2026-01-05T08:02:00.000Z",
    });
    expect(summarizeSeries(points, "bindings")).toMatchObject({ latest: null, highest: 12 });
  });

  test("tells nothing where nothing is known", () => {
    expect(summarizeSeries([], "calls")).toBeUndefined();
    expect(summarizeSeries([point(1, 0, null)], "bindings")).toBeUndefined();
  });
});

describe("a length of time in words", () => {
  test.each([
    [0, "0 seconds"],
    [61, "1 minute, 1 second"],
    [3600, "1 hour"],
    [3661, "1 hour, 1 minute"],
    [90_000, "1 day, 1 hour"],
    [86_460, "1 day"],
  ])("%d seconds: %s", (seconds, text) => {
    expect(formatDuration(seconds, "en")).toBe(text);
  });

  test("in another language", () => {
    expect(formatDuration(7260, "de")).toBe("2 Stunden, 1 Minute");
  });
});

test("a state leads to its devices, whatever the language's words", () => {
  expect(linkToState("signed-in", "Signed in")).toBe("/devices?filter=signed-in");
  expect(linkToState("seen", "Gesehen & mehr")).toBe("/devices?search=Gesehen+%26+mehr");
});
