import { describe, expect, it } from "vitest";
import { NextHopError } from "../../../sip/proxy/next-hop-error.ts";
import { resolveNextHop } from "../../../sip/proxy/resolve-next-hop.ts";

describe("the next hop of a URI", () => {
  it.each([
    ["sip:bob@192.0.2.1", "UDP", "192.0.2.1", 5060],
    ["sip:bob@192.0.2.1:5070;transport=TCP", "TCP", "192.0.2.1", 5070],
    ["sip:bob@192.0.2.1;transport=tls", "TLS", "192.0.2.1", 5061],
    ["sips:bob@192.0.2.1", "TLS", "192.0.2.1", 5061],
    ["sips:bob@192.0.2.1:5443;transport=tcp", "TLS", "192.0.2.1", 5443],
    ["sip:bob@[2001:db8::1]:5080", "UDP", "2001:db8::1", 5080],
    ["sip:bob@example.org;maddr=192.0.2.9", "UDP", "192.0.2.9", 5060],
  ])("RFC 3263 §4 %s is %s %s %i", async (uri, transport, address, port) => {
    expect(await resolveNextHop(uri)).toEqual([{ transport, address, port }]);
  });

  it("RFC 3263 §4.2 looks a host name up", async () => {
    const hops = await resolveNextHop("sip:bob@localhost;transport=tcp");
    expect(hops.map((hop) => hop.address)).toContain("127.0.0.1");
  });

  it.each(["tel:+15550100", "sip:bob@192.0.2.1;transport=sctp", "sip:bob@nowhere.invalid"])(
    "there is none for %s",
    async (uri) => {
      await expect(resolveNextHop(uri)).rejects.toThrow(NextHopError);
    },
  );
});
