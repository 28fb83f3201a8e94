/** Names the gateway reads or writes often, as RFC 3261 §20 and the IANA registry spell them. */
const knownNames = [
  "Via",
  "From",
  "To",
  "Call-ID",
  "CSeq",
  "Contact",
  "Max-Forwards",
  "Content-Length",
  "Expires",
  "User-Agent",
  "Allow",
  "Supported",
  "Authorization",
  "Proxy-Authorization",
  "WWW-Authenticate",
  "Proxy-Authenticate",
  "Authentication-Info",
  "Route",
  "Record-Route",
  "Content-Type",
  "Require",
  "Proxy-Require",
  "Accept",
  "Accept-Encoding",
  "Accept-Language",
  "Event",
  "Allow-Events",
  "Subscription-State",
  "Path",
  "Service-Route",
  "Server",
  "Subject",
  "Date",
  "Unsupported",
  "Min-Expires",
  "Retry-After",
  "Warning",
  "Organization",
  "Priority",
  "Reason",
  "Refer-To",
  "Referred-By",
  "Replaces",
  "RAck",
  "RSeq",
  "Session-Expires",
  "Min-SE",
  "SIP-ETag",
  "SIP-If-Match",
  "Content-Disposition",
  "Content-Encoding",
  "Content-Language",
  "MIME-Version",
  "In-Reply-To",
  "Reply-To",
  "Alert-Info",
  "Call-Info",
  "Error-Info",
  "Timestamp",
  "Privacy",
  "P-Asserted-Identity",
  "P-Preferred-Identity",
  "P-Access-Network-Info",
  "Diversion",
  "History-Info",
  "Max-Breadth",
  "Flow-Timer",
  "Identity",
  "Accept-Contact",
  "Reject-Contact",
  "Request-Disposition",
  "Join",
  "Remote-Party-ID",
  "X-Serialnumber",
  "X-Real-IP",
] as const;

/** RFC 3261 §7.3.3 and the IANA registry of compact forms. */
const compactForms: Readonly<Record<string, string>> = {
  a: "Accept-Contact",
  b: "Referred-By",
  c: "Content-Type",
  d: "Request-Disposition",
  e: "Content-Encoding",
  f: "From",
  i: "Call-ID",
  j: "Reject-Contact",
  k: "Supported",
  l: "Content-Length",
  m: "Contact",
  o: "Event",
  r: "Refer-To",
  s: "Subject",
  t: "To",
  u: "Allow-Events",
  v: "Via",
  x: "Session-Expires",
  y: "Identity",
};

/** The number of a name that is not in the table. */
export const unknownHeader = -1;

/** From the spellings met most to the number: as registered, in lower case, compact. */
const numbers = new Map<string, number>();
for (const [number, name] of knownNames.entries()) {
  numbers.set(name.toLowerCase(), number).set(name, number);
}
for (const [compact, name] of Object.entries(compactForms)) {
  const number = numbers.get(name) ?? unknownHeader;
  numbers.set(compact, number).set(compact.toUpperCase(), number);
}

/**
 * The place of a name, in any spelling, in the table of known ones, or {@link unknownHeader}. Each
 * header field keeps its own, since numbers are compared and looked up in a fraction of the time.
 */
export function headerNumber(name: string): number {
  return numbers.get(name) ?? numbers.get(name.toLowerCase()) ?? unknownHeader;
}

/**
 * The spelling under which a header is kept (RFC 3261 §7.3.1: names are compared without regard to
 * case): `i`, `call-id` and `CALL-ID` give `Call-ID`. A name that is not known stays as it came,
 * so that two spellings of it are two texts.
 */
export function canonicalHeaderName(name: string): string {
  return knownNames[headerNumber(name)] ?? name;
}

/** The canonical name of a number, or what is given for a header that is not known. */
export function headerNameOf(number: number, unknown: string): string {
  return knownNames[number] ?? unknown;
}

/** A value for each number of a header, from those for some canonical names; 0 for all others. */
export function tableByHeader(
  values: Iterable<readonly [name: string, value: number]>,
): Int32Array {
  const table = new Int32Array(knownNames.length);
  for (const [name, value] of values) table[headerNumber(name)] = value;
  return table;
}

/** Numbers by the length of the name, as phones spell it nearly always. */
const commonNumbers: number[][] = [];
for (const [number, { length }] of knownNames.entries()) {
  const sameLength = commonNumbers[length] ?? [];
  sameLength.push(number);
  commonNumbers[length] = sameLength;
}

/**
 * The number of the name in `text` from `start` to `end`; found without a string of its own for a
 * name in its usual spelling, since this runs for each header of each message.
 */
export function headerNumberAt(text: string, start: number, end: number): number {
  const candidates = commonNumbers[end - start];
  if (candidates !== undefined) {
    const first = text.charCodeAt(start);
    for (let index = 0; index < candidates.length; index++) {
      const number = candidates[index] as number;
      const name = knownNames[number] as string;
      if (name.charCodeAt(0) === first && text.startsWith(name, start)) return number;
    }
  }
  return headerNumber(text.slice(start, end));
}
