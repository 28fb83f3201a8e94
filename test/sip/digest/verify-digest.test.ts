import { beforeEach, describe, expect, it } from "vitest";
import {
  answerChallenge,
  type ClientCredentials,
  chooseChallenge,
} from "../../../sip/digest/answer-challenge.ts";
import { buildChallenges } from "../../../sip/digest/challenge.ts";
import { type DigestAlgorithm, digestHash, type Ha1, ha1Of } from "../../../sip/digest/hash.ts";
import { NonceIssuer } from "../../../sip/digest/nonce.ts";
import { NonceCounts } from "../../../sip/digest/nonce-counts.ts";
import { readCredentials } from "../../../sip/digest/read-credentials.ts";
import { type DigestOutcome, DigestVerifier } from "../../../sip/digest/verify-digest.ts";
import { SipRequest } from "../../../sip/message/sip-message.ts";
import { FakeClock } from "../../support/fake-clock.ts";

const realm = "contoso.example";
const uri = "sip:contoso.example";
const username = "+14255550100";
const user: ClientCredentials = { username, password: "Circle of Life" };
const ha1 = ha1Of(username, realm, "Circle of Life");

describe("verifying a digest", () => {
  let clock: FakeClock;
  let nonces: NonceIssuer;
  let verifier: DigestVerifier;

  beforeEach(() => {
    clock = new FakeClock();
    nonces = new NonceIssuer({ secret: Buffer.alloc(32, 1), clock, lifetimeSeconds: 300 });
    verifier = new DigestVerifier({
      nonces,
      counts: new NonceCounts({ clock, lifetimeSeconds: 300 }),
    });
  });

  const authorize = (
    options: {
      algorithm?: DigestAlgorithm;
      credentials?: ClientCredentials;
      nonce?: string;
      nonceCount?: number;
      uri?: string;
      method?: string;
    } = {},
  ): string => {
    const credentials = options.credentials ?? user;
    const challenges = buildChallenges({
      realm,
      nonce: options.nonce ?? nonces.issue(realm),
      algorithms: [options.algorithm ?? "SHA-256"],
    });
    const challenge = chooseChallenge(challenges, credentials);
    if (challenge === undefined) throw new Error("no challenge can be answered");
    return answerChallenge(challenge, credentials, {
      method: options.method ?? "REGISTER",
      uri: options.uri ?? uri,
      nonceCount: options.nonceCount ?? 1,
      clientNonce: "0a4f113b",
    });
  };

  const verify = (
    values: string | string[],
    options: { kept?: Ha1 | undefined; requestUri?: string } = {},
  ): DigestOutcome => {
    const reading = readCredentials([values].flat(), realm);
    if (reading.outcome !== "credentials") return reading;
    const request = new SipRequest("REGISTER", options.requestUri ?? uri);
    return verifier.verify(reading.credentials, request, "kept" in options ? options.kept : ha1);
  };

  it.each(["MD5", "SHA-256"] as const)("RFC 8760 takes %s", (algorithm) => {
    expect(verify(authorize({ algorithm }))).toEqual({ outcome: "valid" });
  });

  it("RFC 8760 takes SHA-512-256 where its HA1 was kept", () => {
    const authorization = authorize({ algorithm: "SHA-512-256" });
    const sha512256 = digestHash("SHA-512-256", `${username}:${realm}:Circle of Life`);
    expect(verify(authorization, { kept: { ...ha1, sha512256 } })).toEqual({ outcome: "valid" });
    expect(verify(authorization)).toEqual({ outcome: "invalid", why: "unsupported-algorithm" });
  });

  it("takes an answer made from the HA1 alone", () => {
    expect(verify(authorize({ credentials: { username, ha1 } }))).toEqual({ outcome: "valid" });
  });

  it("RFC 2617 takes MD5 without qop, once for each nonce", () => {
    const nonce = nonces.issue(realm);
    const response = digestHash(
      "MD5",
      `${ha1.md5}:${nonce}:${digestHash("MD5", `REGISTER:${uri}`)}`,
    );
    const old = `Digest username="${username}",realm="${realm}",nonce="${nonce}",uri="${uri}",response="${response}"`;
    expect(verify(old)).toEqual({ outcome: "valid" });
    expect(verify(old)).toEqual({ outcome: "stale" });
    expect(verify(`${old},algorithm=SHA-256`)).toEqual({
      outcome: "invalid",
      why: "unsupported-qop",
    });
  });

  it("takes names, scheme and hex digits in any case, and qop in quotes", () => {
    const authorization = authorize()
      .replace("Digest", "DIGEST")
      .replace("qop=auth", 'QOP="auth"')
      .replace("algorithm=SHA-256", "algorithm=sha-256")
      .replace(/response="([^"]+)"/, (_all, hex: string) => `response="${hex.toUpperCase()}"`);
    expect(verify(authorization)).toEqual({ outcome: "valid" });
  });

  it("§22.3 passes credentials for other realms over and finds its own among them", () => {
    const other = authorize().replace(`realm="${realm}"`, 'realm="fabrikam.example"');
    expect(verify(other)).toEqual({ outcome: "no-credentials" });
    expect(verify([other, authorize()])).toEqual({ outcome: "valid" });
    expect(verify([])).toEqual({ outcome: "no-credentials" });
    expect(verify("Bearer token=x")).toEqual({ outcome: "no-credentials" });
  });

  it("refuses a wrong password, and never calls it stale", () => {
    const credentials = { username, password: "wrong" };
    const nonce = nonces.issue(realm);
    const wrong = { outcome: "invalid", why: "wrong-digest" };
    expect(verify(authorize({ credentials, nonce }))).toEqual(wrong);
    clock.advance(400_000);
    expect(verify(authorize({ credentials, nonce }))).toEqual(wrong);
    expect(verify(authorize({ credentials, nonce: "foreign" }))).toEqual(wrong);
  });

  it("refuses a user who is not there like one with a wrong password", () => {
    const outcome = verify(authorize(), { kept: undefined });
    expect(outcome).toEqual({ outcome: "invalid", why: "unknown-user" });
    const zeros = authorize().replace(/response="[^"]+"/, `response="${"0".repeat(64)}"`);
    expect(verify(zeros, { kept: undefined })).toMatchObject({ outcome: "invalid" });
  });

  it("RFC 7616 §3.3 calls a right digest on an expired nonce stale", () => {
    const nonce = nonces.issue(realm);
    clock.advance(301_000);
    expect(verify(authorize({ nonce }))).toEqual({ outcome: "stale" });
  });

  it("calls a right digest on a nonce that it did not make stale, so that phones get a new one", () => {
    const stranger = new NonceIssuer({ secret: Buffer.alloc(32, 9), clock, lifetimeSeconds: 300 });
    expect(verify(authorize({ nonce: stranger.issue(realm) }))).toEqual({ outcome: "stale" });
  });

  it("RFC 7616 §5.12 takes each count of a nonce once", () => {
    const nonce = nonces.issue(realm);
    expect(verify(authorize({ nonce, nonceCount: 1 }))).toEqual({ outcome: "valid" });
    expect(verify(authorize({ nonce, nonceCount: 1 }))).toEqual({ outcome: "stale" });
    expect(verify(authorize({ nonce, nonceCount: 2 }))).toEqual({ outcome: "valid" });
  });

  it("binds the digest to the method and to the Request-URI", () => {
    expect(verify(authorize({ method: "INVITE" }))).toEqual({
      outcome: "invalid",
      why: "wrong-digest",
    });
    const mismatch = { outcome: "invalid", why: "uri-mismatch" };
    expect(verify(authorize({ uri: "sip:other.example" }))).toEqual(mismatch);
    expect(verify(authorize({ uri: "sip:bob@contoso.example" }))).toEqual(mismatch);
    expect(verify(authorize({ uri: "not a uri" }))).toEqual(mismatch);
    expect(verify(authorize({ uri: "tel:+1425" }))).toEqual(mismatch);
  });

  it("forgives parameters and case that differ between digest-uri and Request-URI", () => {
    for (const written of ["sip:CONTOSO.example", "sip:contoso.example;transport=tcp"]) {
      expect(verify(authorize({ uri: written }))).toEqual({ outcome: "valid" });
    }
  });

  it("§22.4 takes the bare address that SIPp writes as digest-uri, whatever it asks for", () => {
    for (const written of ["sip:127.0.0.1:5060", "sip:[::1]:5060"]) {
      expect(verify(authorize({ uri: written }))).toEqual({ outcome: "valid" });
    }
    const mismatch = { outcome: "invalid", why: "uri-mismatch" };
    expect(verify(authorize({ uri: "sip:bob@127.0.0.1:5060" }))).toEqual(mismatch);
  });

  const malformed: [what: string, change: (value: string) => string, why: string][] = [
    ["cut off in the middle", (value) => value.slice(0, 60), "malformed"],
    ["an empty username", (value) => value.replace(username, ""), "malformed"],
    ["no response", (value) => value.replace(/response="[^"]+", /, ""), "malformed"],
    ["no cnonce", (value) => value.replace(/, cnonce=.*/, ""), "malformed"],
    ["an nc that is no hex", (value) => value.replace("nc=00000001", "nc=zz"), "malformed"],
    ["an nc too long", (value) => value.replace("nc=00000001", "nc=000000001"), "malformed"],
    ["auth-int", (value) => value.replace("qop=auth", "qop=auth-int"), "unsupported-qop"],
    ["MD5-sess", (value) => value.replace("SHA-256", "MD5-sess"), "unsupported-algorithm"],
  ];
  it.each(malformed)("refuses %s", (_what, change, why) => {
    expect(verify(change(authorize()))).toEqual({ outcome: "invalid", why });
  });
});
