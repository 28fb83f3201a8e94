/**
 * What a challenge and a verification cost in CPU time. Run: node bench/digest.bench.ts
 */
import { randomBytes } from "node:crypto";
import { SystemClock } from "../sip/clock.ts";
import { answerChallenge, chooseChallenge } from "../sip/digest/answer-challenge.ts";
import { buildChallenges } from "../sip/digest/challenge.ts";
import { ha1Of } from "../sip/digest/hash.ts";
import { NonceIssuer } from "../sip/digest/nonce.ts";
import { NonceCounts } from "../sip/digest/nonce-counts.ts";
import { type DigestCredentials, readCredentials } from "../sip/digest/read-credentials.ts";
import { DigestVerifier } from "../sip/digest/verify-digest.ts";
import { HeaderFields } from "../sip/message/header-fields.ts";
import { SipRequest } from "../sip/message/sip-message.ts";

const rounds = 100_000;
const realm = "contoso.example";
const uri = "sip:contoso.example";
const clock = new SystemClock();
const nonces = new NonceIssuer({ secret: randomBytes(32), clock, lifetimeSeconds: 300 });
const counts = new NonceCounts({ clock, lifetimeSeconds: 300 });
const verifier = new DigestVerifier({ nonces, counts });
const ha1 = ha1Of("+14255550100", realm, "correct horse");
const credentials = { username: "+14255550100", ha1 };

function measure(name: string, action: (round: number) => void, times = rounds): void {
  for (let round = 0; round < times / 10; round++) action(round);
  const before = process.cpuUsage();
  for (let round = 0; round < times; round++) action(round);
  const spent = process.cpuUsage(before);
  const nanoseconds = ((spent.user + spent.system) * 1000) / times;
  console.log(`${name.padEnd(44)} ${nanoseconds.toFixed(0).padStart(6)} ns`);
}

function authorizations(algorithm: "MD5" | "SHA-256", count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const values = buildChallenges({ realm, nonce: nonces.issue(realm), algorithms: [algorithm] });
    const challenge = chooseChallenge(values, credentials);
    if (challenge === undefined) throw new Error("no challenge to answer");
    const clientNonce = index.toString(16).padStart(16, "0");
    return answerChallenge(challenge, credentials, {
      method: "REGISTER",
      uri,
      nonceCount: 1,
      clientNonce,
    });
  });
}

measure("issue a nonce", () => nonces.issue(realm));
measure("a challenge: nonce, SHA-256 and MD5 headers", () =>
  buildChallenges({ realm, nonce: nonces.issue(realm) }),
);
const issued = nonces.issue(realm);
measure("check a nonce", () => nonces.check(issued, realm));

for (const algorithm of ["SHA-256", "MD5"] as const) {
  const values = authorizations(algorithm, rounds * 1.1);
  const request = new SipRequest("REGISTER", uri, new HeaderFields());
  const readings: DigestCredentials[] = [];
  measure(`read the Authorization header, ${algorithm}`, () => {
    const reading = readCredentials([values[readings.length] ?? ""], realm);
    if (reading.outcome !== "credentials") throw new Error(reading.outcome);
    readings.push(reading.credentials);
  });
  let next = 0;
  let valid = 0;
  measure(`verify it, nonce and count included, ${algorithm}`, () => {
    const credentials = readings[next++];
    if (credentials === undefined) throw new Error("too few credentials");
    if (verifier.verify(credentials, request, ha1).outcome === "valid") valid++;
  });
  if (valid !== next) throw new Error(`only ${valid} of ${next} were valid`);
}
