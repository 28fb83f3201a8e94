import { isIPv6 } from "node:net";

/** How many addresses are counted apart in one window; the rest share one count. */
const mostAddresses = 20_000;
const windowMilliseconds = 60_000;

/**
 * Counts requests per address in fixed windows of a minute. Memory stays bounded: the counts start
 * anew with each window, and addresses past the 20,000th share one count. An IPv6 network of 64 bits
 * counts as one address, since that is what one customer gets.
 */
export class RateLimit {
  readonly #requestsPerMinute: number;
  readonly #nowMilliseconds: () => number;
  readonly #counts = new Map<string, number>();
  #windowStart = 0;

  constructor(requestsPerMinute: number, nowMilliseconds: () => number) {
    this.#requestsPerMinute = requestsPerMinute;
    this.#nowMilliseconds = nowMilliseconds;
  }

  /** Counts one request; returns undefined when it is allowed, else the seconds until the next window. */
  take(address: string): number | undefined {
    const now = this.#nowMilliseconds();
    const windowStart = now - (now % windowMilliseconds);
    if (windowStart !== this.#windowStart) {
      this.#windowStart = windowStart;
      this.#counts.clear();
    }
    const network = networkOf(address);
    const isKnown = this.#counts.has(network) || this.#counts.size < mostAddresses;
    const key = isKnown ? network : "others";
    const count = (this.#counts.get(key) ?? 0) + 1;
    this.#counts.set(key, count);
    if (count <= this.#requestsPerMinute) return undefined;
    return Math.max(1, Math.ceil((windowStart + windowMilliseconds - now) / 1000));
  }
}

function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) return mapped;
  if (!isIPv6(address)) return address;
  const [head = "", tail] = address.split("%", 1)[0]?.split("::") ?? [];
  const groups = head === "" ? [] : head.split(":");
  const rest = tail === undefined || tail === "" ? [] : tail.split(":");
  if (tail !== undefined) {
    while (groups.length + rest.length < 8) groups.push("0");
  }
  return [...groups, ...rest].slice(0, 4).join(":");
}
