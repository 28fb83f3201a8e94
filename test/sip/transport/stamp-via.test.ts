import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseVias } from "../../../sip/message/via.ts";
import { stampVia } from "../../../sip/transport/stamp-via.ts";

describe("stamping a Via (§18.2.1, RFC 3581 §4)", () => {
  const cases: [what: string, via: string, stamped: string][] = [
    [
      "leaves it alone where sent-by is the source and no rport is asked for",
      "SIP/2.0/UDP 198.51.100.7:5062;branch=z9hG4bKa",
      "SIP/2.0/UDP 198.51.100.7:5062;branch=z9hG4bKa",
    ],
    [
      "adds received where the host differs",
      "SIP/2.0/UDP phone.local;branch=z9hG4bKa",
      "SIP/2.0/UDP phone.local;branch=z9hG4bKa;received=198.51.100.7",
    ],
    [
      "fills rport and always adds received with it",
      "SIP/2.0/UDP 198.51.100.7:5062;rport;branch=z9hG4bKa",
      "SIP/2.0/UDP 198.51.100.7:5062;rport=40112;received=198.51.100.7;branch=z9hG4bKa",
    ],
    [
      "knows rport in any case",
      "SIP/2.0/TCP 10.0.0.1;RPort;branch=z9hG4bKa",
      "SIP/2.0/TCP 10.0.0.1;RPort=40112;received=198.51.100.7;branch=z9hG4bKa",
    ],
    [
      "does not take a longer name for rport",
      "SIP/2.0/UDP 198.51.100.7;rportx;branch=z9hG4bKa",
      "SIP/2.0/UDP 198.51.100.7;rportx;branch=z9hG4bKa",
    ],
  ];
  it.each(cases)("%s", (_what, via, stamped) => {
    expect(stampVia(via, "198.51.100.7", 40112)).toBe(stamped);
  });

  it("replaces received and rport that a client wrote itself", () => {
    const via = "SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKa;received=203.0.113.9;rport=9";
    const [top] = parseVias(stampVia(via, "198.51.100.7", 40112));
    expect(top).toMatchObject({ received: "198.51.100.7", rport: 40112, branch: "z9hG4bKa" });
  });

  it("changes only the first of several Vias in one line", () => {
    const via =
      "SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKa;rport, SIP/2.0/UDP 10.0.0.2;branch=z9hG4bKb;rport";
    const vias = parseVias(stampVia(via, "198.51.100.7", 40112));
    expect(vias.map(({ received, rport }) => ({ received, rport }))).toEqual([
      { received: "198.51.100.7", rport: 40112 },
      { received: undefined, rport: null },
    ]);
  });

  it("compares an IPv6 sent-by without its brackets", () => {
    const via = "SIP/2.0/UDP [2001:db8::7]:5060;branch=z9hG4bKa";
    expect(stampVia(via, "2001:db8::7", 5060)).toBe(via);
    expect(stampVia(via, "2001:db8::8", 5060)).toBe(`${via};received=2001:db8::8`);
  });

  it("edits text as the parser and the formatter would have done", () => {
    const parameter = fc.constantFrom(
      "branch=z9hG4bKx",
      "rport",
      "rport=7",
      "received=192.0.2.1",
      "ttl=3",
      "x",
    );
    fc.assert(
      fc.property(
        fc.constantFrom("10.0.0.1", "198.51.100.7", "a.example", "[2001:db8::1]"),
        fc.option(fc.integer({ min: 1, max: 65535 })),
        fc.uniqueArray(parameter, { selector: (text) => text.split("=")[0] }),
        (host, port, parameters) => {
          const via = [`SIP/2.0/UDP ${host}${port === null ? "" : `:${port}`}`, ...parameters].join(
            ";",
          );
          const [before] = parseVias(via);
          const [after] = parseVias(stampVia(via, "198.51.100.7", 40112));
          const asked = before?.rport !== undefined;
          expect(after?.rport).toBe(asked ? 40112 : undefined);
          const told = asked || host !== "198.51.100.7" || before?.received !== undefined;
          expect(after?.received).toBe(told ? "198.51.100.7" : undefined);
          expect(after).toMatchObject({ host, port: port ?? undefined, branch: before?.branch });
        },
      ),
    );
  });
});
