import { describe, expect, it } from "vitest";
import { at, fromCaller, ProxyHarness } from "./proxy-harness.ts";

function forwarding(text: string, harness = new ProxyHarness()) {
  const [caller, callee] = [harness.phone(1), harness.phone(10)];
  harness.groups = [[at(callee)]];
  harness.receive(text, caller);
  return { harness, caller, callee };
}

describe("what may be forwarded", () => {
  it("§16.3 step 3 answers 483 when Max-Forwards is nought", () => {
    const { caller, callee } = forwarding(fromCaller("INVITE", { headers: ["Max-Forwards: 0"] }));
    expect(caller.takeSummary()).toEqual(["483 INVITE"]);
    expect(callee.take()).toEqual([]);
  });

  it("§16.6 step 3 puts 70 where there was no Max-Forwards", () => {
    const text = fromCaller().replace("Max-Forwards: 70\r\n", "");
    const { callee } = forwarding(text);
    expect(callee.takeRequest("INVITE").headers.get("Max-Forwards")).toBe("70");
  });

  it("§16.3 step 3 answers 400 to a Max-Forwards that is no number", () => {
    const { caller } = forwarding(fromCaller("INVITE", { headers: ["Max-Forwards: many"] }));
    expect(caller.takeSummary()).toEqual(["400 INVITE"]);
  });

  it("§16.3 step 2 answers 416 to a scheme nobody can route", () => {
    const { caller } = forwarding(fromCaller("INVITE", { requestUri: "urn:service:unknown" }));
    expect(caller.takeSummary()).toEqual(["416 INVITE"]);
  });

  it("§16.3 step 5 answers 420 to every Proxy-Require, and names what is not supported", () => {
    const { caller } = forwarding(
      fromCaller("INVITE", { headers: ["Proxy-Require: sec-agree, foo"] }),
    );
    expect(caller.takeResponse(420).headers.get("Unsupported")).toBe("sec-agree, foo");
  });

  it("§16.3 step 4 answers 482 to a request that comes back as it went", () => {
    const { harness, caller, callee } = forwarding(fromCaller());
    const copy = callee.takeRequest("INVITE");
    // Another proxy sends it back to us with the Request-URI that it first had.
    const vias = copy.headers.getAll("Via").join(", ");
    const back = fromCaller("INVITE", {
      via: `SIP/2.0/UDP 192.0.2.10:5060;branch=z9hG4bKother, ${vias}`,
    });
    harness.receive(back, callee);
    expect(callee.takeSummary()).toEqual(["482 INVITE"]);
    expect(caller.take()).toEqual([]);
  });

  it("§16.3 step 4 forwards a spiral: it comes back with another Request-URI", () => {
    const { harness, callee } = forwarding(fromCaller());
    const vias = callee.takeRequest("INVITE").headers.getAll("Via").join(", ");
    const back = fromCaller("INVITE", {
      via: `SIP/2.0/UDP 192.0.2.10:5060;branch=z9hG4bKother, ${vias}`,
      requestUri: "sip:carol@example.org",
    });
    const carol = harness.phone(20);
    harness.groups = [[at(carol)]];
    harness.receive(back, callee);
    expect(carol.takeSummary()).toEqual(["INVITE"]);
  });

  it("§16.4 takes its own preloaded Route off, and follows none that a stranger gives", () => {
    const { callee } = forwarding(
      fromCaller("INVITE", {
        headers: ["Route: <sip:gateway.example:5060;lr>", "Route: <sip:victim.example;lr>"],
      }),
    );
    expect(callee.takeRequest("INVITE").headers.has("Route")).toBe(false);
  });
});

describe("the copy", () => {
  it("§16.6 step 6 follows a binding's Path", () => {
    const harness = new ProxyHarness();
    const [caller, edge] = [harness.phone(1), harness.phone(30)];
    harness.groups = [[{ uri: "sip:bob@10.0.0.7", flow: edge, routes: ["<sip:edge.example;lr>"] }]];
    harness.receive(fromCaller(), caller);
    const copy = edge.takeRequest("INVITE");
    expect(copy.requestUri).toBe("sip:bob@10.0.0.7");
    expect(copy.headers.getAll("Route")).toEqual(["<sip:edge.example;lr>"]);
  });

  it("§16.6 step 6 puts a strict router into the Request-URI and the target last into Route", () => {
    const harness = new ProxyHarness();
    const [caller, edge] = [harness.phone(1), harness.phone(30)];
    const routes = ["<sip:strict.example>", "<sip:next.example;lr>"];
    harness.groups = [[{ uri: "sip:bob@10.0.0.7", flow: edge, routes }]];
    harness.receive(fromCaller(), caller);
    const copy = edge.takeRequest("INVITE");
    expect(copy.requestUri).toBe("sip:strict.example");
    expect(copy.headers.getAll("Route")).toEqual(["<sip:next.example;lr>", "<sip:bob@10.0.0.7>"]);
  });

  it("§16.6 step 7 sends to the first Route where there is no flow", async () => {
    const asked: string[] = [];
    const harness = new ProxyHarness({
      resolve: async (uri) => {
        asked.push(uri);
        return [{ transport: "TCP", address: "192.0.2.40", port: 5060 }];
      },
    });
    harness.groups = [[{ uri: "sip:bob@pbx.example", routes: ["<sip:sbc.example;lr>"] }]];
    harness.receive(fromCaller(), harness.phone(1));
    await harness.clock.advanceAsync(0);
    expect(asked).toEqual(["sip:sbc.example;lr"]);
    const hop = await harness.transport.flowTo({
      transport: "TCP",
      address: "192.0.2.40",
      port: 5060,
    });
    expect(harness.transport.flows.get(hop.id)?.takeSummary()).toEqual(["INVITE"]);
  });

  it("RFC 3263 §4.3 tries the next address when one cannot be reached", async () => {
    const harness = new ProxyHarness({
      resolve: async () => [
        { transport: "TCP", address: "192.0.2.40", port: 5060 },
        { transport: "TCP", address: "192.0.2.41", port: 5060 },
      ],
    });
    harness.transport.refusing.add("TCP 192.0.2.40:5060");
    harness.groups = [[{ uri: "sip:bob@pbx.example" }]];
    harness.receive(fromCaller(), harness.phone(1));
    await harness.clock.advanceAsync(0);
    const hop = await harness.transport.flowTo({
      transport: "TCP",
      address: "192.0.2.41",
      port: 5060,
    });
    expect(harness.transport.flows.get(hop.id)?.takeSummary()).toEqual(["INVITE"]);
  });

  it("lets its user change it, and a fault of the user ends in 500", () => {
    const harness = new ProxyHarness();
    harness.options = {
      prepare: (copy) => {
        copy.headers.delete("Proxy-Authorization");
        copy.headers.set("P-Asserted-Identity", "<sip:alice@example.org>");
      },
    };
    const { callee } = forwarding(
      fromCaller("INVITE", { headers: ['Proxy-Authorization: Digest username="a"'] }),
      harness,
    );
    const copy = callee.takeRequest("INVITE");
    expect(copy.headers.has("Proxy-Authorization")).toBe(false);
    expect(copy.headers.get("P-Asserted-Identity")).toBe("<sip:alice@example.org>");

    const failing = new ProxyHarness();
    failing.options = {
      prepare: () => {
        throw new Error("a fault");
      },
    };
    const { caller } = forwarding(fromCaller(), failing);
    expect(caller.takeSummary()).toEqual(["500 INVITE"]);
    expect(failing.faults).toHaveLength(1);
  });

  it("§16.6 step 4 has a Record-Route only where a dialog begins", () => {
    const { callee } = forwarding(fromCaller("MESSAGE"));
    expect(callee.takeRequest("MESSAGE").headers.has("Record-Route")).toBe(false);
  });
});
