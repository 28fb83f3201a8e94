import type { Contacts } from "../../../sip/message/contact.ts";
import type { NameAddress } from "../../../sip/message/name-address.ts";
import { formatUri, isSipUri, parseUri, sameSipUri } from "../../../sip/message/sip-uri.ts";
import type { RequestedContact } from "../../domain/apply-registration.ts";

/** RFC 3261 §10.2.1.1 has a malformed expiry treated as this one. */
const malformedExpirySeconds = 3600;
const mostExpirySeconds = 2 ** 32 - 1;

/** More in one REGISTER than any phone sends; together with the message's size this bounds the work. */
export const mostContacts = 20;

/** The Contacts of a REGISTER as the registration rule takes them. */
export function readRequestedContacts(contacts: Contacts): readonly RequestedContact[] | "*" {
  return contacts === "*" ? "*" : contacts.map(readContact);
}

function readContact(contact: NameAddress): RequestedContact {
  const { parameters } = contact;
  const expires = parameters.get("expires");
  return {
    uri: formatUri(contact.uri),
    expiresSeconds: expires === undefined ? undefined : readExpiry(expires),
    q: readPreference(parameters.get("q")),
    instanceId: readInstance(parameters.get("+sip.instance")),
    regId: readRegId(parameters.get("reg-id")),
  };
}

/** Seconds of an Expires header or `expires` parameter (RFC 3261 §20.19, §10.2.1.1). */
export function readExpiry(text: string | null): number {
  if (text === null || !/^[0-9]{1,15}$/.test(text)) return malformedExpirySeconds;
  return Math.min(Number(text), mostExpirySeconds);
}

function readPreference(text: string | null | undefined): number {
  if (text === undefined || text === null || !/^(0(\.\d{0,3})?|1(\.0{0,3})?)$/.test(text)) return 1;
  return Number(text);
}

function readInstance(text: string | null | undefined): string | null {
  if (text === undefined || text === null) return null;
  return text.startsWith("<") && text.endsWith(">") ? text.slice(1, -1) : text;
}

function readRegId(text: string | null | undefined): number | null {
  if (text === undefined || text === null || !/^[1-9][0-9]{0,9}$/.test(text)) return null;
  return Number(text);
}

/** Whether two Contact URIs, both already read once, are the same (RFC 3261 §19.1.4). */
export function sameContactUri(left: string, right: string): boolean {
  if (left === right) return true;
  const leftUri = parseUri(left);
  const rightUri = parseUri(right);
  return isSipUri(leftUri) && isSipUri(rightUri) && sameSipUri(leftUri, rightUri);
}
