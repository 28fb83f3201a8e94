import type { ActivityPoint } from "../../api/dashboard-types.ts";

/** A number of each interval that a chart shows as a line; its words are below `dashboard.series`. */
export type SeriesName = Exclude<keyof ActivityPoint, "at">;

/** A chart and the lines in it; its words are below `dashboard.chart`. */
export interface ActivityChart {
  readonly name: "registrations" | "calls" | "enrollments" | "failures";
  readonly series: readonly SeriesName[];
}

/** The dashboard's charts. */
export const activityCharts: readonly ActivityChart[] = [
  { name: "registrations", series: ["bindings", "registrations"] },
  { name: "calls", series: ["calls", "callsInProgress"] },
  { name: "enrollments", series: ["enrollments", "enrollmentFailures"] },
  {
    name: "failures",
    series: ["registrationFailures", "callFailures", "enrollmentFailures", "provisioningRefusals"],
  },
];

/** A line in words: what it is now, and its highest with the time of it. */
export interface SeriesSummary {
  readonly latest: number | null;
  readonly highest: number;
  readonly highestAt: string;
}

/** Sums a line up; undefined where it has no number. The first of several highest ones counts. */
export function summarizeSeries(
  points: readonly ActivityPoint[],
  name: SeriesName,
): SeriesSummary | undefined {
  let found: { highest: number; highestAt: string } | undefined;
  for (const point of points) {
    const value = point[name];
    if (value !== null && (found === undefined || value > found.highest)) {
      found = { highest: value, highestAt: point.at };
    }
  }
  return found === undefined ? undefined : { latest: points.at(-1)?.[name] ?? null, ...found };
}
