import { type NameAddress, parseAddress, parseAddressList } from "./name-address.ts";
import { SipParseError } from "./sip-parse-error.ts";

/** The Contacts of a message in order, or `"*"` (RFC 3261 §20.10). */
export type Contacts = readonly NameAddress[] | "*";

/** Reads the one Contact line of a message. @throws SipParseError as {@link parseContacts}. */
export function parseContactLine(value: string): Contacts {
  return value === "*" ? value : within(value.includes(",") ? readLine : readOne, value);
}

/**
 * Reads every Contact line of a message.
 *
 * @throws SipParseError when a Contact is malformed, or `*` does not stand alone (§10.3 step 6).
 */
export function parseContacts(values: readonly string[]): Contacts {
  if (values.length === 1 && values[0]?.trim() === "*") return "*";
  return within(parseAddressList, values);
}

function readOne(value: string): NameAddress[] {
  return [parseAddress(value)];
}

function readLine(value: string): NameAddress[] {
  return parseAddressList([value]);
}

/** Runs a reader and names the header in what it throws. */
function within<T>(read: (input: T) => NameAddress[], input: T): NameAddress[] {
  try {
    return read(input);
  } catch (error) {
    if (error instanceof SipParseError) throw new SipParseError("Contact", error.detail);
    throw error;
  }
}
