import type { PageValues, PhonePage } from "./phone-page.ts";
import type { ScreenPath } from "./screen-path.ts";

/** A phone that opens a page, from its key or from another page. */
export interface ScreenRequest {
  readonly path: ScreenPath;
  /** As sent, each of them bounded. */
  readonly values: PageValues;
  /** Source IP address. */
  readonly address: string;
}

/**
 * What the phone is shown. A refusal goes to one who is not the phone: its `reason` is one short line
 * of text. `note` is for the administrator.
 */
export type ScreenAnswer =
  | { readonly outcome: "page"; readonly page: PhonePage; readonly note?: string }
  | { readonly outcome: "refused"; readonly status: 403 | 404; readonly reason: string };

/** Who decides what stands on phones' screens. Implemented over the domain, outside this folder. */
export interface PhoneScreens {
  /** Opens a page, and does what it is asked for by that. A rejection becomes a 500 without detail. */
  show(request: ScreenRequest): Promise<ScreenAnswer>;
}
