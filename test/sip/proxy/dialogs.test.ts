import { describe, expect, it } from "vitest";
import type { SipRequest } from "../../../sip/message/sip-message.ts";
import type { TransportName } from "../../../sip/transport/flow.ts";
import { at, fromCaller, inDialog, ProxyHarness } from "./proxy-harness.ts";

const callerContact = "sip:alice@10.0.0.1:5060";
const calleeContact = "sip:bob@10.0.0.2:5060";

/** A call that was answered, with the route sets of both parties. */
function answered(callerTransport: TransportName = "UDP", calleeTransport: TransportName = "UDP") {
  const harness = new ProxyHarness();
  const caller = harness.phone(1, callerTransport);
  const callee = harness.phone(10, calleeTransport);
  harness.groups = [[at(callee)]];
  harness.receive(fromCaller(), caller);
  const invite = callee.takeRequest("INVITE");
  harness.answer(callee, invite, 200);
  const routes = caller.takeResponse(200).headers.getAll("Record-Route");
  harness.takeHeard();
  return {
    harness,
    caller,
    callee,
    callerRoutes: routes.toReversed(),
    calleeRoutes: invite.headers.getAll("Record-Route"),
  };
}

function sent(copy: SipRequest) {
  return { to: copy.requestUri, routes: copy.headers.getAll("Route") };
}

describe("requests inside a dialog", () => {
  it("§16.12 BYE of the caller goes by Record-Route to the callee's flow", () => {
    const { harness, caller, callee, callerRoutes } = answered();
    harness.receive(
      inDialog("BYE", { from: "caller", requestUri: calleeContact, routes: callerRoutes }),
      caller,
    );
    const bye = callee.takeRequest("BYE");
    expect(sent(bye)).toEqual({ to: calleeContact, routes: [] });
    expect(bye.headers.has("Record-Route")).toBe(false);
    harness.answer(callee, bye, 200);
    expect(caller.takeSummary()).toEqual(["200 BYE"]);
    harness.runOut();
    expect(harness.layer.size).toBe(0);
    expect(harness.clock.pendingTimers).toBe(0);
  });

  it("§16.12 BYE of the callee goes to the flow that the caller called by", () => {
    const { harness, caller, callee, calleeRoutes } = answered();
    harness.receive(
      inDialog("BYE", { from: "callee", requestUri: callerContact, routes: calleeRoutes }),
      callee,
    );
    const bye = caller.takeRequest("BYE");
    expect(sent(bye)).toEqual({ to: callerContact, routes: [] });
    harness.answer(caller, bye, 200);
    expect(callee.takeSummary()).toEqual(["200 BYE"]);
  });

  it.each(["INVITE", "UPDATE", "PRACK", "INFO", "REFER", "NOTIFY", "MESSAGE"])(
    "§16.12 %s passes like BYE",
    (method) => {
      const { harness, caller, callee, callerRoutes } = answered();
      harness.receive(
        inDialog(method, { from: "caller", requestUri: calleeContact, routes: callerRoutes }),
        caller,
      );
      harness.answer(callee, callee.takeRequest(method), 200);
      expect(caller.takeSummary()).toEqual([`200 ${method}`]);
    },
  );

  it("§13.2.2.4 relays the ACK to a 2xx end to end, without a transaction", () => {
    const { harness, caller, callee, callerRoutes } = answered();
    const before = harness.layer.size;
    harness.receive(
      inDialog("ACK", { from: "caller", requestUri: calleeContact, routes: callerRoutes, cseq: 1 }),
      caller,
    );
    const ack = callee.takeRequest("ACK");
    expect(sent(ack)).toEqual({ to: calleeContact, routes: [] });
    expect(ack.headers.get("Max-Forwards")).toBe("69");
    expect(ack.headers.getAll("Via")).toHaveLength(2);
    expect(harness.layer.size).toBe(before);
    expect(harness.proxy.counters).toMatchObject({ relayedAcks: 1, droppedAcks: 0 });
  });

  it("RFC 5658 two transports have a Record-Route each, both with one token, and both come off", () => {
    const { harness, caller, callee, callerRoutes, calleeRoutes } = answered("TCP", "UDP");
    expect(callerRoutes.map((route) => /transport=\w+/.exec(route)?.[0])).toEqual([
      "transport=tcp",
      "transport=udp",
    ]);
    expect(calleeRoutes).toEqual(callerRoutes.toReversed());
    const tokens = new Set(callerRoutes.map((route) => /<sip:([^@]+)@/.exec(route)?.[1]));
    expect(tokens.size).toBe(1);
    harness.receive(
      inDialog("BYE", { from: "caller", requestUri: calleeContact, routes: callerRoutes }),
      caller,
    );
    expect(sent(callee.takeRequest("BYE"))).toEqual({ to: calleeContact, routes: [] });
    harness.receive(
      inDialog("INFO", { from: "callee", requestUri: callerContact, routes: calleeRoutes }),
      callee,
    );
    expect(sent(caller.takeRequest("INFO"))).toEqual({ to: callerContact, routes: [] });
  });

  it("§16.4 undoes what a strict router did to the Request-URI", () => {
    const { harness, caller, callee, callerRoutes } = answered();
    const [ours = ""] = callerRoutes;
    harness.receive(
      inDialog("BYE", {
        from: "caller",
        requestUri: ours.slice(1, -1),
        routes: [`<${calleeContact}>`],
      }),
      caller,
    );
    expect(sent(callee.takeRequest("BYE"))).toEqual({ to: calleeContact, routes: [] });
  });

  it("§16.6 follows the rest of the route set where it leads elsewhere than the flow", async () => {
    const { harness, caller, callee, callerRoutes } = answered();
    harness.receive(
      inDialog("BYE", {
        from: "caller",
        requestUri: calleeContact,
        routes: [...callerRoutes, "<sip:192.0.2.90:5080;lr>"],
      }),
      caller,
    );
    await harness.clock.advanceAsync(0);
    expect(callee.take()).toEqual([]);
    const other = await harness.transport.flowTo({
      transport: "UDP",
      address: "192.0.2.90",
      port: 5080,
    });
    const bye = harness.transport.flows.get(other.id);
    expect(sent(bye?.takeRequest("BYE") ?? raise())).toEqual({
      to: calleeContact,
      routes: ["<sip:192.0.2.90:5080;lr>"],
    });
  });

  it("goes to the Contact where the connection of the other party is gone", async () => {
    const { harness, caller, callee, callerRoutes } = answered("UDP", "TCP");
    callee.close();
    harness.receive(
      inDialog("BYE", {
        from: "caller",
        requestUri: "sip:bob@192.0.2.10:5060;transport=tcp",
        routes: callerRoutes,
      }),
      caller,
    );
    await harness.clock.advanceAsync(0);
    const again = await harness.transport.flowTo({
      transport: "TCP",
      address: "192.0.2.10",
      port: 5060,
    });
    expect(harness.transport.flows.get(again.id)?.takeSummary()).toEqual(["BYE"]);
  });

  it("facts: a Request-URI equal to our own address is no loop inside a dialog", () => {
    const { harness, caller, callee, callerRoutes } = answered();
    harness.receive(
      inDialog("BYE", {
        from: "caller",
        requestUri: "sip:bob@gateway.example:5060",
        routes: callerRoutes,
      }),
      caller,
    );
    expect(callee.takeSummary()).toEqual(["BYE"]);
  });

  it("takes a phone's outbound proxy off as well, where that is us too", () => {
    const { harness, caller, callee, callerRoutes } = answered();
    const routes = ["<sip:gateway.example:5060;lr>", ...callerRoutes];
    harness.receive(inDialog("BYE", { from: "caller", requestUri: calleeContact, routes }), caller);
    expect(sent(callee.takeRequest("BYE"))).toEqual({ to: calleeContact, routes: [] });
  });

  it("§16.12 finds the way through a call that went through us twice", () => {
    const harness = new ProxyHarness();
    const [caller, callee] = [harness.phone(1), harness.phone(10)];
    const ourselves = harness.transport.peer("UDP", "198.51.100.1", 5060);
    harness.groups = [[{ uri: "sip:carol@example.org", flow: ourselves }]];
    harness.receive(fromCaller(), caller);
    harness.groups = [[at(callee)]];
    harness.receive(ourselves.bytes.splice(0).join(""), ourselves);
    const routes = callee.takeRequest("INVITE").headers.getAll("Record-Route");
    expect(routes).toHaveLength(2);
    harness.receive(
      inDialog("BYE", { from: "caller", requestUri: calleeContact, routes: routes.toReversed() }),
      caller,
    );
    expect(ourselves.take()).toEqual([]);
    expect(callee.takeSummary()).toEqual(["BYE"]);
    harness.receive(inDialog("BYE", { from: "callee", requestUri: callerContact, routes }), callee);
    expect(caller.takeSummary()).toEqual(["BYE"]);
  });

  it("§9.2 CANCEL of a re-INVITE goes the same way", () => {
    const { harness, caller, callee, callerRoutes } = answered();
    const options = { from: "caller", requestUri: calleeContact, routes: callerRoutes } as const;
    harness.receive(inDialog("INVITE", { ...options, branch: "z9hG4bKre" }), caller);
    harness.answer(callee, callee.takeRequest("INVITE"), 180);
    harness.receive(inDialog("CANCEL", { ...options, branch: "z9hG4bKre" }), caller);
    expect(callee.takeSummary()).toEqual(["CANCEL"]);
  });
});

describe("Route tokens", () => {
  const forged = (token: string) => `<sip:${token}@gateway.example:5060;transport=udp;lr>`;

  function refusedWith(route: string, callId = "call-1") {
    const { harness, caller, callee } = answered();
    harness.receive(
      inDialog("BYE", { from: "caller", requestUri: calleeContact, routes: [route], callId }),
      caller,
    );
    expect(callee.take()).toEqual([]);
    const response = caller.takeResponse(403);
    expect(harness.proxy.counters.forgedRoutes).toBe(1);
    return response.reason;
  }

  it("answers 403 to one that is forged, changed, or missing", () => {
    const [ours = ""] = answered().callerRoutes;
    const reason = "Route was not given by this proxy";
    expect(refusedWith(forged("abcdefgh.0123456789abcdef"))).toBe(reason);
    expect(refusedWith(ours.replace(/^<sip:.(.)/, "<sip:X$1"))).toBe(reason);
    expect(refusedWith("<sip:gateway.example:5060;lr>")).toBe(reason);
    const another = new ProxyHarness({ secret: "another secret" });
    const [caller, callee] = [another.phone(1), another.phone(10)];
    another.groups = [[at(callee)]];
    another.receive(fromCaller(), caller);
    expect(refusedWith(callee.takeRequest("INVITE").headers.get("Record-Route") ?? "")).toBe(
      reason,
    );
  });

  it("answers 403 to one that belongs to another call", () => {
    const { callerRoutes } = answered();
    expect(refusedWith(callerRoutes[0] ?? "", "call-2")).toBe("Route was not given by this proxy");
  });

  it("answers 481 to a request inside a dialog without a Route of ours", () => {
    const { harness, caller, callee } = answered();
    for (const [index, routes] of [[], ["<sip:elsewhere.example;lr>"]].entries()) {
      const branch = `z9hG4bKbye${index}`;
      harness.receive(
        inDialog("BYE", { from: "caller", requestUri: calleeContact, routes, branch }),
        caller,
      );
    }
    expect(caller.takeSummary()).toEqual(["481 BYE", "481 BYE"]);
    expect(callee.take()).toEqual([]);
  });

  it("drops an ACK with a forged one and never answers it", () => {
    const { harness, caller, callee } = answered();
    harness.receive(
      inDialog("ACK", {
        from: "caller",
        requestUri: calleeContact,
        routes: [forged("abcdefgh.0123456789abcdef")],
      }),
      caller,
    );
    expect(harness.ackRelayed).toBe(false);
    expect(caller.take()).toEqual([]);
    expect(callee.take()).toEqual([]);
    expect(harness.proxy.counters.droppedAcks).toBe(1);
  });

  it("are short enough for a datagram, and hold no tag or name of the parties", () => {
    const [route = ""] = answered().callerRoutes;
    expect(route.length).toBeLessThan(200);
    const token = /<sip:([^.]+)\./.exec(route)?.[1] ?? "";
    expect(Buffer.from(token, "base64url").toString()).not.toContain("caller");
  });
});

function raise(): never {
  throw new Error("expected something");
}
