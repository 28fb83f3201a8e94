/** The pages of a phone's screen, as they are named in their URLs. */
export const screenPageNames = ["menu", "sign-in", "provision", "sign-out"] as const;

export type ScreenPageName = (typeof screenPageNames)[number];

/** What a page's URL can carry, each value as the phone sends it back. */
export interface PageValues {
  /** The verification code that was typed. */
  readonly code?: string;
  /** Says that the user was asked first. */
  readonly confirm?: string;
  /** Which sign-in the phone waits for. */
  readonly id?: string;
}

/** Where an action leads. */
export interface PageTarget {
  readonly page: ScreenPageName;
  readonly values?: PageValues;
  /** Opening it changes something: browsers that know forms send it by POST. */
  readonly changes?: boolean;
}

/** A softkey, link or line of a menu; `exit` closes the page. */
export interface PageAction {
  readonly label: string;
  readonly target: PageTarget | "exit";
}

/**
 * A page as every vendor's phone can show it. Texts are raw: who writes the page in a vendor's format
 * escapes them.
 */
export type PhonePage =
  | { readonly kind: "menu"; readonly title: string; readonly actions: readonly PageAction[] }
  | {
      readonly kind: "text";
      readonly title: string;
      readonly lines: readonly string[];
      readonly actions: readonly PageAction[];
      /**
       * The phone opens `target` by itself after so many seconds. It goes into a Refresh header; an
       * action with the same target serves firmware that does not heed it.
       */
      readonly refresh?: { readonly seconds: number; readonly target: PageTarget };
    }
  | {
      readonly kind: "input";
      readonly title: string;
      /** What stands before the field. */
      readonly label: string;
      /** The value of `target` that the digits typed become. */
      readonly parameter: keyof PageValues;
      readonly target: PageTarget;
    };

/** Writes pages in one vendor's format. */
export interface PageRenderer {
  readonly contentType: string;
  /** @param urlOf the absolute URL of a target, its values in the query */
  render(page: PhonePage, urlOf: (target: PageTarget) => string): string;
}
