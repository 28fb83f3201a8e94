import {
  type ActivityTotals,
  activityBetween,
  activityOfBoth,
  noActivity,
} from "./activity-totals.ts";

/** How far back: an hour minute by minute, or a day by five minutes. */
export type ActivityWindow = "hour" | "day";

/** What this node did in one interval, and what stood at its end. */
export interface ActivityPoint extends ActivityTotals {
  /** The end of the interval. */
  readonly atMilliseconds: number;
  /** Live bindings, on all nodes; null when the storage did not say. */
  readonly bindings: number | null;
  /** Calls that rang or talked on this node. */
  readonly callsInProgress: number;
}

/** Points of a window, oldest first, and how long the interval of each is. */
export interface ActivitySeries {
  readonly intervalSeconds: number;
  readonly points: readonly ActivityPoint[];
}

/** What the history is made of. */
export interface ActivityHistoryOptions {
  readonly clock: {
    nowMilliseconds(): number;
    schedule(delayMilliseconds: number, action: () => void): { cancel(): void };
  };
  /** This node's running totals. */
  readonly readTotals: () => ActivityTotals;
  readonly countCallsInProgress: () => number;
  readonly countBindings: () => Promise<number>;
  /** Told why the storage did not say how many bindings there are. */
  readonly onFailure: (error: unknown) => void;
}

const minuteMilliseconds = 60_000;
const minutesOfLongInterval = 5;

/** Points kept of each window. */
export const activityLimits = { hour: 60, day: 288 } as const;

type MutablePoint = { -readonly [Key in keyof ActivityPoint]: ActivityPoint[Key] };

/**
 * What this node did lately, sampled each minute into two rings of bounded length. It is lost with
 * the process: who wants to keep it has Prometheus read `/metrics`.
 */
export class ActivityHistory {
  readonly #options: ActivityHistoryOptions;
  readonly #hour: MutablePoint[] = [];
  readonly #day: MutablePoint[] = [];
  #before: ActivityTotals = noActivity;
  #long: ActivityTotals = noActivity;
  #startedMilliseconds = 0;
  /** Whole long intervals that had passed since the start when the last point of the day was made. */
  #longIntervals = 0;
  #dueMilliseconds = 0;
  #isCounting = false;
  #timer: { cancel(): void } | undefined;

  constructor(options: ActivityHistoryOptions) {
    this.#options = options;
  }

  /** Begins to sample; the first point comes after a minute. */
  start(): void {
    this.#before = this.#options.readTotals();
    this.#startedMilliseconds = this.#options.clock.nowMilliseconds();
    this.#dueMilliseconds = this.#startedMilliseconds;
    this.#scheduleNext();
  }

  stop(): void {
    this.#timer?.cancel();
  }

  /** The points of a window. */
  read(window: ActivityWindow): ActivitySeries {
    return window === "hour"
      ? { intervalSeconds: 60, points: this.#hour }
      : { intervalSeconds: 60 * minutesOfLongInterval, points: this.#day };
  }

  /** Due times lie on the minutes since the start, so that a late timer delays none after it. */
  #scheduleNext(): void {
    const { clock } = this.#options;
    const now = clock.nowMilliseconds();
    const missed = Math.max(0, Math.floor((now - this.#dueMilliseconds) / minuteMilliseconds));
    this.#dueMilliseconds += (missed + 1) * minuteMilliseconds;
    this.#timer = clock.schedule(this.#dueMilliseconds - now, () => {
      this.#sample();
      this.#scheduleNext();
    });
  }

  #sample(): void {
    const { clock, readTotals, countCallsInProgress } = this.#options;
    const totals = readTotals();
    const done = activityBetween(this.#before, totals);
    this.#before = totals;
    this.#long = activityOfBoth(this.#long, done);
    const stands = {
      atMilliseconds: clock.nowMilliseconds(),
      bindings: null,
      callsInProgress: countCallsInProgress(),
    };
    const points: MutablePoint[] = [{ ...done, ...stands }];
    push(this.#hour, points[0], activityLimits.hour);
    const minutes = (stands.atMilliseconds - this.#startedMilliseconds) / minuteMilliseconds;
    const longIntervals = Math.floor(minutes / minutesOfLongInterval);
    if (longIntervals > this.#longIntervals) {
      points.push({ ...this.#long, ...stands });
      push(this.#day, points[1], activityLimits.day);
      this.#long = noActivity;
      this.#longIntervals = longIntervals;
    }
    void this.#fillBindings(points);
  }

  /** A point is there at once, and gets its bindings when the storage has told them. */
  async #fillBindings(points: readonly MutablePoint[]): Promise<void> {
    // One question at a time: a storage that does not answer gathers none.
    if (this.#isCounting) return;
    this.#isCounting = true;
    try {
      const bindings = await this.#options.countBindings();
      for (const point of points) point.bindings = bindings;
    } catch (error) {
      this.#options.onFailure(error);
    } finally {
      this.#isCounting = false;
    }
  }
}

function push(ring: MutablePoint[], point: MutablePoint | undefined, most: number): void {
  if (point !== undefined) ring.push(point);
  if (ring.length > most) ring.shift();
}
