/** Where a softkey, link or form of a page leads. */
export interface PageStep {
  readonly method: "GET" | "POST";
  readonly url: string;
  /** What goes along: in the query of a GET, in the body of a POST. */
  readonly values: Readonly<Record<string, string>>;
}

/** A page as its reader sees it on the phone. */
export interface SeenPage {
  readonly title: string;
  readonly lines: readonly string[];
  /** What can be pressed, by what stands on it; what only closes the page is left out. */
  readonly keys: ReadonlyMap<string, PageStep>;
  /** Something can be typed: the name it is sent by, and where to. */
  readonly field: { readonly parameter: string; readonly step: PageStep } | undefined;
}

/** The phone cannot show, or does not have, the page that was asked for. */
export class ScreenError extends Error {
  readonly code = "PHONE_SCREEN";
}
