import { describe, expect, it } from "vitest";
import {
  digestHash,
  digestResponse,
  equalInConstantTime,
  ha1Of,
} from "../../../sip/digest/hash.ts";

describe("the digest response", () => {
  const rfc7616 = {
    username: "Mufasa",
    realm: "http-auth@example.org",
    password: "Circle of Life",
    request: {
      method: "GET",
      uri: "/dir/index.html",
      nonce: "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v",
    },
    protection: {
      nonceCount: "00000001",
      clientNonce: "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ",
    },
  };

  it("RFC 7616 §3.9.1 MD5 and SHA-256", () => {
    const { username, realm, password, request, protection } = rfc7616;
    const ha1 = ha1Of(username, realm, password);
    expect(digestResponse("MD5", ha1.md5, request, protection)).toBe(
      "8ca523f5e9506fed4657c9700eebdbec",
    );
    expect(digestResponse("SHA-256", ha1.sha256, request, protection)).toBe(
      "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1",
    );
  });

  it("RFC 2617 §3.5", () => {
    const ha1 = ha1Of("Mufasa", "testrealm@host.com", "Circle Of Life");
    const nonce = "dcd98b7102dd2f0e8b11d0f600bfb0c093";
    const request = { method: "GET", uri: "/dir/index.html", nonce };
    const protection = { nonceCount: "00000001", clientNonce: "0a4f113b" };
    expect(ha1.md5).toBe("939e7578ed9e3c518a452acee763bce9");
    expect(digestResponse("MD5", ha1.md5, request, protection)).toBe(
      "6629fae49393a05397450978507c4ef1",
    );
  });

  it("RFC 2069 §2.4, as its erratum 749 has it", () => {
    const ha1 = ha1Of("Mufasa", "testrealm@host.com", "CircleOfLife");
    const nonce = "dcd98b7102dd2f0e8b11d0f600bfb0c093";
    const request = { method: "GET", uri: "/dir/index.html", nonce };
    expect(digestResponse("MD5", ha1.md5, request, undefined)).toBe(
      "1949323746fe6a43ef61f9606e7febea",
    );
  });

  it("RFC 8760 §2.1 SHA-512/256 is FIPS 180-4's, not the first half of SHA-512", () => {
    expect(digestHash("SHA-512-256", "abc")).toBe(
      "53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23",
    );
  });

  it("compares texts of any lengths", () => {
    expect(equalInConstantTime("abc", "abc")).toBe(true);
    expect(equalInConstantTime("abc", "abd")).toBe(false);
    expect(equalInConstantTime("abc", "abcd")).toBe(false);
    expect(equalInConstantTime("", "a")).toBe(false);
  });
});
