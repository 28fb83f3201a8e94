import { type NameAddress, parseAddressList } from "./name-address.ts";
import { SipParseError } from "./sip-parse-error.ts";

/** The Contacts of a message in order, or `"*"` (RFC 3261 §20.10). */
export type Contacts = readonly NameAddress[] | "*";

/** Reads the one Contact line of a message. @throws SipParseError as {@link parseContacts}. */
export function parseContactLine(value: string): Contacts {
  return parseContacts([value]);
}

/**
 * Reads every Contact line of a message.
 *
 * @throws SipParseError when a Contact is malformed, or `*` does not stand alone (§10.3 step 6).
 */
export function parseContacts(values: readonly string[]): Contacts {
  if (values.length === 1 && values[0]?.trim() === "*") return "*";
  try {
    return parseAddressList(values);
  } catch (error) {
    if (error instanceof SipParseError) throw new SipParseError("Contact", error.detail);
    throw error;
  }
}
