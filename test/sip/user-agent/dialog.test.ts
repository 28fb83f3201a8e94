import { describe, expect, it } from "vitest";
import { buildResponse } from "../../../sip/message/build-response.ts";
import { parseMessage } from "../../../sip/message/parse-message.ts";
import { SipRequest, SipResponse } from "../../../sip/message/sip-message.ts";
import { formatUri } from "../../../sip/message/sip-uri.ts";
import { Dialog } from "../../../sip/user-agent/dialog.ts";

function invite(recordRoutes: string[] = [], contact = "<sip:alice@192.0.2.1:5062;transport=tcp>") {
  const lines = [
    "INVITE sip:*55*123456@gateway.example SIP/2.0",
    "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKa",
    ...recordRoutes.map((value) => `Record-Route: ${value}`),
    'From: "Alice" <sip:alice@example.com>;tag=alice1',
    "To: <sip:*55*123456@gateway.example>",
    "Call-ID: call1",
    "CSeq: 314 INVITE",
    `Contact: ${contact}`,
    "Content-Length: 0",
    "",
    "",
  ];
  const message = parseMessage(Buffer.from(lines.join("\r\n")));
  if (!(message instanceof SipRequest)) throw new Error("not a request");
  return message;
}

const ours = "<sip:gateway@192.0.2.100:5060>";
const answered = (request: SipRequest, headers: [string, string][] = []) =>
  buildResponse(request, 200, undefined, { toTag: "gateway1", headers });
const uas = (request: SipRequest) => Dialog.asUas(request, answered(request), ours);

describe("a UAS's dialog (§12.1.1)", () => {
  it("takes its tags, target and route set from the request, in order", () => {
    const dialog = uas(invite(["<sip:p2.example;lr>, <sip:p1.example;lr>"]));
    expect(dialog).toMatchObject({
      state: "confirmed",
      callId: "call1",
      localTag: "gateway1",
      remoteTag: "alice1",
    });
    const bye = dialog.newRequest("BYE");
    expect(bye.requestUri).toBe("sip:alice@192.0.2.1:5062;transport=tcp");
    expect(bye.headers.getAll("Route")).toEqual(["<sip:p2.example;lr>", "<sip:p1.example;lr>"]);
    expect(bye.headers.get("From")).toBe("<sip:*55*123456@gateway.example>;tag=gateway1");
    expect(bye.headers.get("To")).toBe('"Alice" <sip:alice@example.com>;tag=alice1');
    expect(bye.headers.get("CSeq")).toBe("1 BYE");
    expect(bye.headers.has("Contact")).toBe(false);
    expect(formatUri(dialog.nextHop)).toBe("sip:p2.example;lr");
  });

  it("§12.2.1.1 counts its own CSeq and puts Contact into target refreshes only", () => {
    const dialog = uas(invite());
    const update = dialog.newRequest("UPDATE", {
      headers: [["X-Test", "1"]],
      body: Buffer.from("v=0"),
    });
    expect(update.headers.get("CSeq")).toBe("1 UPDATE");
    expect(update.headers.get("Contact")).toBe(ours);
    expect(update.headers.get("X-Test")).toBe("1");
    expect(update.body.toString()).toBe("v=0");
    expect(dialog.newRequest("INFO").headers.get("CSeq")).toBe("2 INFO");
    expect(formatUri(dialog.nextHop)).toBe("sip:alice@192.0.2.1:5062;transport=tcp");
  });

  it("§12.2.1.1 obeys a strict router", () => {
    const bye = uas(invite(["<sip:strict.example>", "<sip:p1.example;lr>"])).newRequest("BYE");
    expect(bye.requestUri).toBe("sip:strict.example");
    expect(bye.headers.getAll("Route")).toEqual([
      "<sip:p1.example;lr>",
      "<sip:alice@192.0.2.1:5062;transport=tcp>",
    ]);
  });

  it("§12.2.2 tells its requests by Call-ID and both tags, and refuses a lower CSeq", () => {
    const dialog = uas(invite());
    const inside = (method: string, cseq: number, contact?: string) => {
      const request = new SipRequest(method, "sip:gateway@192.0.2.100");
      request.headers.append("From", "<sip:alice@example.com>;tag=alice1");
      request.headers.append("To", "<sip:*55*123456@gateway.example>;tag=gateway1");
      request.headers.append("Call-ID", "call1");
      request.headers.append("CSeq", `${cseq} ${method}`);
      if (contact !== undefined) request.headers.append("Contact", contact);
      return request;
    };
    expect(dialog.matches(inside("BYE", 315))).toBe(true);
    expect(dialog.matches(invite())).toBe(false);
    expect(dialog.receive(inside("ACK", 314))).toBe("in-order");
    expect(dialog.receive(inside("INVITE", 320, "<sip:alice@192.0.2.7>"))).toBe("in-order");
    expect(formatUri(dialog.remoteTarget)).toBe("sip:alice@192.0.2.7");
    expect(dialog.receive(inside("BYE", 319))).toBe("out-of-order");
    expect(dialog.receive(inside("BYE", 321, "<sip:alice@192.0.2.8>"))).toBe("in-order");
    expect(formatUri(dialog.remoteTarget)).toBe("sip:alice@192.0.2.7");
  });

  it("cannot be made without a Contact", () => {
    expect(() => uas(invite([], "*"))).toThrowError(/Contact/);
    const without = invite();
    without.headers.delete("Contact");
    expect(() => uas(without)).toThrowError(/Contact/);
  });
});

describe("a UAC's dialog (§12.1.2)", () => {
  it("takes the route set of the response in reverse", () => {
    const request = invite();
    const response = answered(request, [
      ["Record-Route", "<sip:p2.example;lr>"],
      ["Record-Route", "<sip:p1.example;lr>"],
      ["Contact", "<sip:bob@192.0.2.4>"],
    ]);
    const dialog = Dialog.asUac(request, response);
    const bye = dialog.newRequest("BYE");
    expect(bye.headers.getAll("Route")).toEqual(["<sip:p1.example;lr>", "<sip:p2.example;lr>"]);
    expect(bye.requestUri).toBe("sip:bob@192.0.2.4");
    expect(bye.headers.get("CSeq")).toBe("315 BYE");
    expect(bye.headers.get("From")).toBe('"Alice" <sip:alice@example.com>;tag=alice1');
  });

  it("§13.2.2.4 gives the ACK the CSeq and the credentials of the INVITE", () => {
    const request = invite();
    request.headers.append("Proxy-Authorization", "Digest x=y");
    const dialog = Dialog.asUac(request, answered(request, [["Contact", "<sip:bob@192.0.2.4>"]]));
    dialog.newRequest("INFO");
    const ack = dialog.acknowledge(request);
    expect(ack.headers.get("CSeq")).toBe("314 ACK");
    expect(ack.headers.get("Proxy-Authorization")).toBe("Digest x=y");
  });

  it("§12.2.1.2 moves the target with the 2xx to a re-INVITE", () => {
    const request = invite();
    const dialog = Dialog.asUac(request, answered(request, [["Contact", "<sip:bob@192.0.2.4>"]]));
    dialog.receiveResponse(answered(request, [["Contact", "<sip:bob@192.0.2.5>"]]));
    expect(formatUri(dialog.remoteTarget)).toBe("sip:bob@192.0.2.5");
    const busy = new SipResponse(
      486,
      "Busy Here",
      answered(request, [["Contact", "<sip:x@y>"]]).headers,
    );
    dialog.receiveResponse(busy);
    expect(formatUri(dialog.remoteTarget)).toBe("sip:bob@192.0.2.5");
  });
});
