/** Methods that the gateway answers or passes on; the Allow header of OPTIONS and of every 405. */
export const allowedMethods = [
  "INVITE",
  "ACK",
  "CANCEL",
  "BYE",
  "OPTIONS",
  "REGISTER",
  "MESSAGE",
  "REFER",
  "NOTIFY",
  "INFO",
  "UPDATE",
  "PRACK",
] as const;

const allowed: ReadonlySet<string> = new Set(allowedMethods);

/** Methods that other SIP elements know: refused as not allowed (405), not as unheard of (501). */
const known: ReadonlySet<string> = new Set(["PUBLISH", "SUBSCRIBE"]);

/** The text of Allow (RFC 3261 §20.5). */
export const allowText = allowedMethods.join(", ");

/** The status that refuses a method outside a dialog (RFC 3261 §8.2.1, §21.5.2), or undefined for a good one. */
export function refusedMethodStatus(method: string): 405 | 501 | undefined {
  if (allowed.has(method)) return undefined;
  return known.has(method) ? 405 : 501;
}
