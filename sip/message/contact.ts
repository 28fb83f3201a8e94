import { type NameAddress, parseAddress } from "./name-address.ts";
import { SipParseError } from "./sip-parse-error.ts";
import { splitList } from "./split-list.ts";

/** The Contacts of a message in order, or `"*"` (RFC 3261 §20.10). */
export type Contacts = readonly NameAddress[] | "*";

/** Reads the one Contact line of a message. @throws SipParseError as {@link parseContacts}. */
export function parseContactLine(value: string): Contacts {
  if (value.includes(",") || value === "*") return parseContacts([value]);
  return [parseContact(value)];
}

/**
 * Reads every Contact line of a message.
 *
 * @throws SipParseError when a Contact is malformed, or `*` does not stand alone (§10.3 step 6).
 */
export function parseContacts(values: readonly string[]): Contacts {
  if (values.length === 1 && values[0]?.trim() === "*") return "*";
  const contacts: NameAddress[] = [];
  for (const value of values) {
    for (const element of splitList(value)) contacts.push(parseContact(element));
  }
  return contacts;
}

function parseContact(value: string): NameAddress {
  try {
    return parseAddress(value);
  } catch (error) {
    if (error instanceof SipParseError) throw new SipParseError("Contact", error.detail);
    throw error;
  }
}
