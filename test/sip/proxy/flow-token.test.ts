import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { directionOf, FlowTokens, isTokenShaped } from "../../../sip/proxy/flow-token.ts";
import { requestFrom } from "../transaction/layer-harness.ts";
import { fromCaller, inDialog } from "./proxy-harness.ts";

const tokens = new FlowTokens(Buffer.from("a secret that every node has"));
const invite = requestFrom(fromCaller());

describe("flow tokens", () => {
  it("say which flows a dialog has, and which party a request is from", () => {
    const token = tokens.create(invite, "udp:[::]:5060>[2001:db8::1]:5060", "tcp:0a1b2c3d4e5f:17");
    expect(isTokenShaped(token)).toBe(true);
    const claims = tokens.verify(token);
    expect(claims).toMatchObject({
      callerFlowId: "udp:[::]:5060>[2001:db8::1]:5060",
      calleeFlowId: "tcp:0a1b2c3d4e5f:17",
    });
    if (claims === undefined) throw new Error("not verified");
    const options = { requestUri: "sip:x@192.0.2.1", routes: [] };
    const bye = (from: "caller" | "callee", callId?: string) =>
      requestFrom(
        inDialog("BYE", { from, ...options, ...(callId === undefined ? {} : { callId }) }),
      );
    expect(directionOf(bye("caller"), claims)).toBe("from-caller");
    expect(directionOf(bye("callee"), claims)).toBe("from-callee");
    expect(directionOf(bye("caller", "another-call"), claims)).toBeUndefined();
  });

  it("are nobody else's to make: each changed character ends them", () => {
    const token = tokens.create(invite, "udp:1", "udp:2");
    for (let index = 0; index < token.length; index++) {
      const other = token[index] === "A" ? "B" : "A";
      expect(tokens.verify(token.slice(0, index) + other + token.slice(index + 1))).toBeUndefined();
    }
    const stranger = new FlowTokens(Buffer.from("another secret"));
    expect(tokens.verify(stranger.create(invite, "udp:1", "udp:2"))).toBeUndefined();
  });

  it("are refused without a fault, whatever is sent in their place", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 500 }), (text) => tokens.verify(text) === undefined),
    );
  });
});
