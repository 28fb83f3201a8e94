/**
 * The values that were last asked for, by name, in two generations: when the young one has filled
 * half of the room, it becomes the old one, and what nobody asked for since goes. That keeps nearly
 * what strict order of use would, at the cost of one look-up.
 */
export class RecentlyUsed<T> {
  readonly #mostEntries: number;
  #current = new Map<string, T>();
  #former = new Map<string, T>();

  /** @param mostEntries at most about this many are held. */
  constructor(mostEntries: number) {
    this.#mostEntries = mostEntries;
  }

  get(name: string): T | undefined {
    const current = this.#current.get(name);
    if (current !== undefined) return current;
    const former = this.#former.get(name);
    if (former !== undefined) this.set(name, former);
    return former;
  }

  set(name: string, value: T): void {
    if (this.#current.size >= this.#mostEntries / 2) {
      this.#former = this.#current;
      this.#current = new Map();
    }
    this.#current.set(name, value);
  }

  delete(name: string): void {
    this.#current.delete(name);
    this.#former.delete(name);
  }
}
