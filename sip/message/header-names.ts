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

/** From the spellings met most to the canonical one: as registered, in lower case, compact. */
const canonicalNames = new Map<string, string>();
for (const name of knownNames) canonicalNames.set(name.toLowerCase(), name).set(name, name);
for (const [compact, name] of Object.entries(compactForms)) {
  canonicalNames.set(compact, name).set(compact.toUpperCase(), name);
}

/**
 * The spelling under which a header is kept (RFC 3261 §7.3.1: names are compared without regard to
 * case): `i`, `call-id` and `CALL-ID` give `Call-ID`. A name that is not known stays as it came,
 * but two spellings of an unknown name are then two names: {@link sameHeaderName} compares those.
 */
export function canonicalHeaderName(name: string): string {
  return canonicalNames.get(name) ?? canonicalNames.get(name.toLowerCase()) ?? name;
}

/** Whether `canonical` is a name of which every spelling gives this one. */
export function isKnownHeaderName(canonical: string): boolean {
  return canonicalNames.has(canonical);
}

/** Names by their length, as phones spell them nearly always. */
const commonNames: string[][] = [];
for (const name of knownNames) {
  const sameLength = commonNames[name.length] ?? [];
  sameLength.push(name);
  commonNames[name.length] = sameLength;
}

/**
 * The canonical form of the name in `text` from `start` to `end`; without a string of its own for a
 * name in its usual spelling, since this runs for each header of each message.
 */
export function canonicalNameAt(text: string, start: number, end: number): string {
  const candidates = commonNames[end - start];
  if (candidates !== undefined) {
    const first = text.charCodeAt(start);
    for (let index = 0; index < candidates.length; index++) {
      const name = candidates[index] as string;
      if (name.charCodeAt(0) === first && text.startsWith(name, start)) return name;
    }
  }
  return canonicalHeaderName(text.slice(start, end));
}
