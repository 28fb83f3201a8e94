import { Counter, type Registry } from "prom-client";

interface Tally {
  count: number;
}

/** Series of one counter at the most; what comes after is counted as `other`. */
const mostSeries = 200;

/**
 * A counter for the hot path: counting is a look-up in two maps and an addition. Only a scrape
 * makes Prometheus' series of it.
 */
export class TallyCounter {
  readonly #tallies = new Map<string, Map<string, Tally>>();
  #series = 0;

  /** @param labels names of the first and the second label; the second may be absent. */
  constructor(registry: Registry, name: string, help: string, labels: readonly string[]) {
    const [first, second] = labels;
    const tallies = this.#tallies;
    new Counter({
      name,
      help,
      labelNames: [...labels],
      registers: [registry],
      collect() {
        this.reset();
        for (const [left, rights] of tallies) {
          for (const [right, { count }] of rights) {
            const series: Record<string, string> = {};
            if (first !== undefined) series[first] = left;
            if (second !== undefined) series[second] = right;
            this.inc(series, count);
          }
        }
      },
    });
  }

  /** Counts one. */
  add(left = "", right = ""): void {
    const tally = this.#tallies.get(left)?.get(right) ?? this.#newTally(left, right);
    tally.count++;
  }

  /** Adds up the series whose labels are asked for. */
  sum(isCounted: (left: string, right: string) => boolean): number {
    let sum = 0;
    for (const [left, rights] of this.#tallies) {
      for (const [right, { count }] of rights) if (isCounted(left, right)) sum += count;
    }
    return sum;
  }

  #newTally(left: string, right: string): Tally {
    if (this.#series >= mostSeries && left !== "other") return this.#otherTally();
    return this.#put(left, right);
  }

  #otherTally(): Tally {
    return this.#tallies.get("other")?.get("other") ?? this.#put("other", "other");
  }

  #put(left: string, right: string): Tally {
    const rights = this.#tallies.get(left) ?? new Map<string, Tally>();
    const tally = { count: 0 };
    rights.set(right, tally);
    this.#tallies.set(left, rights);
    this.#series++;
    return tally;
  }
}
