import { describe, expect, it } from "vitest";
import { parseUri } from "../../sip/message/sip-uri.ts";
import { ServedDomains } from "../../src/signaling/served-domains.ts";

const domains = new ServedDomains({
  tenantDomain: "contoso.example",
  publicAddress: "gateway.contoso.example",
  bindAddress: "192.0.2.5",
});

describe("the domains that the gateway serves", () => {
  it.each([
    ["contoso.example", "contoso.example"],
    ["onboarding.emea.invalid", "onboarding.emea.invalid"],
    ["gateway.contoso.example", "contoso.example"],
    ["192.0.2.5", "contoso.example"],
    ["127.0.0.9", "contoso.example"],
    ["[::1]", "contoso.example"],
    ["localhost", "contoso.example"],
    ["onboarding.mars.invalid", undefined],
    ["elsewhere.example", undefined],
    ["198.51.100.1", undefined],
  ])("takes %s for accounts in %s", (host, expected) => {
    expect(domains.accountDomain(host)).toBe(expected);
  });

  it("RFC 3261 §10.3 step 5 makes an AOR canonical: escapes decoded, no port, no parameters", () => {
    const uri = parseUri("sip:%2B14255550100@192.0.2.5:5080;user=phone");
    expect(domains.canonicalAor(uri)).toBe("sip:+14255550100@contoso.example");
    expect(domains.canonicalAor(parseUri("sip:contoso.example"))).toBeUndefined();
    expect(domains.canonicalAor(parseUri("tel:+14255550100"))).toBeUndefined();
  });
});
