import { describe, expect, it } from "vitest";
import { chooseChallenge } from "../../../sip/digest/answer-challenge.ts";
import { buildChallenges } from "../../../sip/digest/challenge.ts";
import { DigestSession } from "../../../sip/digest/digest-session.ts";
import { ha1Of } from "../../../sip/digest/hash.ts";
import { parseDigestHeader } from "../../../sip/message/digest-header.ts";
import { HeaderFields } from "../../../sip/message/header-fields.ts";
import { SipResponse } from "../../../sip/message/sip-message.ts";

const user = { username: "alice", password: "secret" };

describe("a challenge", () => {
  it("RFC 8760 §2.4 offers SHA-256 first and then MD5, each in a field of its own", () => {
    expect(buildChallenges({ realm: "contoso.example", nonce: "n1" })).toEqual([
      'Digest realm="contoso.example", nonce="n1", algorithm=SHA-256, qop="auth"',
      'Digest realm="contoso.example", nonce="n1", algorithm=MD5, qop="auth"',
    ]);
  });

  it("says stale and opaque, and quotes what it is given", () => {
    const [value] = buildChallenges({ realm: 'a "b" \\c', nonce: "n1", stale: true, opaque: "o" });
    const { parameters } = parseDigestHeader(value ?? "");
    expect(Object.fromEntries(parameters)).toMatchObject({
      realm: 'a "b" \\c',
      opaque: "o",
      stale: "true",
    });
  });
});

describe("choosing a challenge", () => {
  const md5 = 'Digest realm="r", nonce="n", algorithm=MD5, qop="auth"';
  const sha256 = 'Digest realm="r", nonce="n", algorithm=SHA-256, qop="auth,auth-int"';
  const sha512256 = 'Digest realm="r", nonce="n", algorithm=SHA-512-256, qop="auth"';

  it("takes the strongest that the credentials can answer", () => {
    expect(chooseChallenge([md5, sha256, sha512256], user)?.algorithm).toBe("SHA-512-256");
    const kept = { username: "alice", ha1: ha1Of("alice", "r", "secret") };
    expect(chooseChallenge([md5, sha256, sha512256], kept)?.algorithm).toBe("SHA-256");
    expect(chooseChallenge([md5], user)?.algorithm).toBe("MD5");
  });

  it("takes a challenge without algorithm and qop as RFC 2069's", () => {
    expect(chooseChallenge(['Digest realm="r", nonce="n"'], user)).toMatchObject({
      algorithm: "MD5",
      protects: false,
    });
  });

  it("passes over what it cannot answer", () => {
    for (const value of [
      "Digest",
      'Basic realm="r"',
      'Digest realm="r"',
      'Digest realm="r", nonce="n", qop="auth-int"',
      'Digest realm="r", nonce="n", algorithm=MD5-sess, qop="auth"',
    ]) {
      expect(chooseChallenge([value], user)).toBeUndefined();
    }
  });
});

describe("a client's digest session", () => {
  const challenged = (status: 401 | 407, text: string) => {
    const headers = new HeaderFields();
    headers.append(status === 401 ? "WWW-Authenticate" : "Proxy-Authenticate", text);
    return new SipResponse(status, "Unauthorized", headers);
  };
  const challenge = 'Digest realm="r", nonce="n1", algorithm=SHA-256, qop="auth"';

  it("RFC 7616 §3.4.5 counts the uses of a nonce, from 1 for each new one", () => {
    const session = new DigestSession(user);
    const counts = () =>
      session
        .authorize("REGISTER", "sip:r")
        .map(([name, value]) => `${name} ${/nonce="(\w+)".*nc=(\d+)/.exec(value)?.slice(1)}`);
    expect(counts()).toEqual([]);
    expect(session.challenged(challenged(401, challenge), false)).toBe(true);
    expect(counts()).toEqual(["Authorization n1,00000001"]);
    expect(counts()).toEqual(["Authorization n1,00000002"]);
    session.challenged(challenged(401, challenge.replace("n1", "n2")), false);
    expect(counts()).toEqual(["Authorization n2,00000001"]);
  });

  it("§22.3 answers a server and a proxy side by side", () => {
    const session = new DigestSession(user);
    session.challenged(challenged(401, challenge), false);
    expect(session.challenged(challenged(407, challenge), true)).toBe(true);
    expect(session.authorize("INVITE", "sip:r").map(([name]) => name)).toEqual([
      "Authorization",
      "Proxy-Authorization",
    ]);
  });

  it("§22.2 does not try the same password again, unless only the nonce was stale", () => {
    const session = new DigestSession(user);
    session.challenged(challenged(401, challenge), false);
    expect(session.challenged(challenged(401, challenge), true)).toBe(false);
    expect(session.challenged(challenged(401, `${challenge}, stale=true`), true)).toBe(true);
    expect(session.challenged(challenged(401, 'Basic realm="r"'), false)).toBe(false);
  });
});
