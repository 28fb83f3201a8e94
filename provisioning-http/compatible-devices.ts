/**
 * Whether a phone is in the list of compatible devices with firmware that is not too old. `note` says what could
 * not be told; `reason` is a line an administrator can act on.
 */
export type Compatibility =
  | { readonly supported: true; readonly note?: string }
  | { readonly supported: false; readonly reason: string };
