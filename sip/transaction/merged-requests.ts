import type { ServerTransaction } from "./server-transaction.ts";
import { mergedRequestKey } from "./transaction-id.ts";

/** Which of the requests being served is the first of its kind (RFC 3261 §8.2.2.2). */
export class MergedRequests {
  readonly #first = new Map<string, ServerTransaction>();

  add(transaction: ServerTransaction): void {
    const key = mergedRequestKey(transaction.request);
    if (key !== undefined && !this.#first.has(key)) this.#first.set(key, transaction);
  }

  /** Whether another transaction serves the same request. */
  isMerged(transaction: ServerTransaction): boolean {
    const key = mergedRequestKey(transaction.request);
    const first = key === undefined ? undefined : this.#first.get(key);
    return first !== undefined && first !== transaction;
  }

  delete(transaction: ServerTransaction): void {
    const key = mergedRequestKey(transaction.request);
    if (key !== undefined && this.#first.get(key) === transaction) this.#first.delete(key);
  }

  clear(): void {
    this.#first.clear();
  }
}
