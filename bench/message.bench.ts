import { buildResponse } from "../sip/message/build-response.ts";
import { parseDigestHeader } from "../sip/message/digest-header.ts";
import { newBranch, newTag } from "../sip/message/identifiers.ts";
import { parseMessage } from "../sip/message/parse-message.ts";
import { serializeMessage } from "../sip/message/serialize-message.ts";
import { SipRequest } from "../sip/message/sip-message.ts";
import { StreamFramer } from "../sip/message/stream-framer.ts";
import { validateRequest } from "../sip/message/validate-request.ts";

/** A REGISTER with credentials as a desk phone sends it. */
const register = Buffer.from(
  [
    "REGISTER sip:contoso.example SIP/2.0",
    "Via: SIP/2.0/UDP 192.168.1.37:5060;rport;branch=z9hG4bK1848921726",
    'From: "Adele Vance" <sip:+14255550100@contoso.example>;tag=3062347893',
    'To: "Adele Vance" <sip:+14255550100@contoso.example>',
    "Call-ID: 0_2891764129@192.168.1.37",
    "CSeq: 2 REGISTER",
    'Contact: <sip:+14255550100@192.168.1.37:5060>;+sip.instance="<urn:uuid:00000000-0000-1000-8000-805ec0aabbcc>"',
    'Authorization: Digest username="+14255550100", realm="contoso.example", nonce="5f1c0d3a9b7e42d68c1f", uri="sip:contoso.example", response="6629fae49393a05397450978507c4ef1", algorithm=MD5, cnonce="0a4f113b", opaque="5ccc069c", qop=auth, nc=00000001',
    "Allow: INVITE, INFO, PRACK, ACK, BYE, CANCEL, OPTIONS, NOTIFY, REGISTER, SUBSCRIBE, REFER, PUBLISH, UPDATE, MESSAGE",
    "Max-Forwards: 70",
    "User-Agent: Yealink SIP-T46U 108.86.0.90",
    "Expires: 3600",
    "Allow-Events: talk,hold,conference,refer,check-sync",
    "Content-Length: 0",
    "",
    "",
  ].join("\r\n"),
);

const rounds = 50_000;

/** Prints the least of several timings of `action`, in nanoseconds of CPU a call: what else runs only adds. */
function measure(name: string, action: () => unknown): void {
  const timings: number[] = [];
  for (let run = 0; run < 15; run++) {
    const before = process.cpuUsage();
    for (let round = 0; round < rounds; round++) action();
    const used = process.cpuUsage(before);
    timings.push(((used.user + used.system) * 1000) / rounds);
  }
  console.log(
    `${name.padEnd(52)} ${Math.min(...timings)
      .toFixed(0)
      .padStart(7)} ns`,
  );
}

function parseRequest(): SipRequest {
  const message = parseMessage(register);
  if (!(message instanceof SipRequest)) throw new Error("the sample is a request");
  return message;
}

function readTyped(request: SipRequest): number {
  return request.topVia.host.length + request.contacts.length + request.cseq.number;
}

const sample = parseRequest();
const authorization = sample.headers.get("Authorization") ?? "";
const contact = sample.headers.get("Contact") ?? "";
const answerHeaders = [
  ["Contact", `${contact};expires=1800`],
  ["Date", "Sat, 13 Nov 2010 23:29:00 GMT"],
] as const;
const challengeHeaders = [
  [
    "WWW-Authenticate",
    'Digest realm="contoso.example", nonce="5f1c0d3a9b7e42d68c1f", algorithm=SHA-256, qop="auth"',
  ],
  [
    "WWW-Authenticate",
    'Digest realm="contoso.example", nonce="5f1c0d3a9b7e42d68c1f", algorithm=MD5, qop="auth"',
  ],
] as const;
const framer = new StreamFramer();

console.log(`REGISTER of ${register.length} bytes and ${sample.headers.size} header fields`);
measure("parseMessage", parseRequest);
measure("parseMessage, read Via From To CSeq Contact", () => {
  const request = parseRequest();
  return readTyped(request) + request.from.parameters.size + request.to.parameters.size;
});
measure("parseMessage, validateRequest", () => validateRequest(parseRequest()));
measure("parseDigestHeader", () => parseDigestHeader(authorization));
measure("buildResponse 200, serializeMessage", () =>
  serializeMessage(
    buildResponse(sample, 200, undefined, { toTag: "a1b2c3d4", headers: answerHeaders }),
  ),
);
measure("buildResponse 401, serializeMessage", () =>
  serializeMessage(
    buildResponse(sample, 401, undefined, { toTag: "a1b2c3d4", headers: challengeHeaders }),
  ),
);
measure("serializeMessage of the request", () => serializeMessage(sample));
measure("StreamFramer.push of one message", () => framer.push(register));
measure("newTag, newBranch", () => newTag() + newBranch());
measure("REGISTER to 401 and to 200, all message work", () => {
  for (const headers of [challengeHeaders, answerHeaders]) {
    const request = parseRequest();
    validateRequest(request);
    readTyped(request);
    if (headers === answerHeaders) parseDigestHeader(request.headers.get("Authorization") ?? "");
    serializeMessage(buildResponse(request, 200, undefined, { toTag: newTag(), headers }));
  }
});
