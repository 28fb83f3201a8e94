import type { Binding } from "../domain/binding.ts";
import type { Page } from "../domain/device.ts";

/** The place after a binding in a list: its AOR and how many of the AOR's bindings have been shown. */
export interface BindingPlace {
  readonly aor: string;
  readonly shown: number;
}

const startOfList: BindingPlace = { aor: "", shown: 0 };
const cursorForm = /^([0-9]{1,6}) (.*)$/s;

/** Where a page begins; a cursor that no page gave begins after the text that it holds. */
export function placeOfCursor(cursor: string | undefined): BindingPlace {
  if (cursor === undefined) return startOfList;
  const match = cursorForm.exec(cursor);
  if (match === null) return { aor: cursor, shown: 0 };
  return { aor: match[2] ?? "", shown: Number(match[1]) };
}

/** Gathers the bindings of one page, AOR by AOR in their order. */
export class BindingPage {
  readonly #limit: number;
  readonly #place: BindingPlace;
  readonly #items: Binding[] = [];
  #nextCursor: string | null = null;

  /** @param limit the most bindings on the page. @param place where it begins. */
  constructor(limit: number, place: BindingPlace) {
    this.#limit = limit;
    this.#place = place;
  }

  /**
   * Adds the bindings of the next AOR.
   * @returns false when the page was full and some were left over: then it wants no more.
   */
  add(aor: string, bindings: readonly Binding[]): boolean {
    const alreadyShown = aor === this.#place.aor ? this.#place.shown : 0;
    const room = this.#limit - this.#items.length;
    const left = bindings.slice(alreadyShown);
    this.#items.push(...left.slice(0, room));
    if (left.length <= room) return true;
    this.#nextCursor = this.#cursorAfterLast();
    return false;
  }

  /** The page as it has been gathered. */
  finish(): Page<Binding> {
    return { items: this.#items, nextCursor: this.#nextCursor };
  }

  #cursorAfterLast(): string {
    const aor = this.#items.at(-1)?.aor ?? "";
    const before = this.#place.aor === aor ? this.#place.shown : 0;
    return `${before + this.#items.filter((item) => item.aor === aor).length} ${aor}`;
  }
}
