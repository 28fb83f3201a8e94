import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { buildResponse } from "../../../sip/message/build-response.ts";
import { parseMessage } from "../../../sip/message/parse-message.ts";
import { serializeMessage } from "../../../sip/message/serialize-message.ts";
import { type SipMessage, SipRequest } from "../../../sip/message/sip-message.ts";
import { SipParseError } from "../../../sip/message/sip-parse-error.ts";
import { isSipUri } from "../../../sip/message/sip-uri.ts";
import { validateRequest, validateResponse } from "../../../sip/message/validate-request.ts";
import { parseVias } from "../../../sip/message/via.ts";
import { agrees, type ParserAnswer, tortureCases } from "./table.ts";

const folder = new URL("./messages/", import.meta.url);

function read(name: string): Buffer {
  return readFileSync(new URL(`${name}.dat`, folder));
}

function readMessage(name: string): SipMessage {
  return parseMessage(read(name));
}

function readRequest(name: string): SipRequest {
  const message = readMessage(name);
  if (!(message instanceof SipRequest)) throw new Error(`${name} is a response`);
  return message;
}

function answerTo(name: string): ParserAnswer {
  let message: SipMessage;
  try {
    message = readMessage(name);
  } catch (error) {
    if (error instanceof SipParseError)
      return error.partial === undefined ? "discarded" : error.status;
    throw error;
  }
  if (message.kind === "response")
    return validateResponse(message) === undefined ? "accepted" : "discarded";
  return validateRequest(message)?.status ?? "accepted";
}

describe("RFC 4475 parser and validator", () => {
  it.each(tortureCases)("§$section $name: $asked", (torture) => {
    expect(answerTo(torture.name)).toBe(torture.parserAnswer);
  });

  it("has a row for each message, and each row a message", () => {
    const files = readdirSync(folder).filter((file) => file.endsWith(".dat"));
    expect(tortureCases.map((torture) => torture.file).sort()).toEqual(files.sort());
  });

  it("differs from the RFC nowhere", () => {
    const lines = tortureCases.map((torture) => {
      const verdict = agrees(torture) ? "agrees" : "DIFFERS";
      const { section, name, element, asked, parserAnswer } = torture;
      return `${section.padEnd(9)} ${name.padEnd(11)} ${element.padEnd(12)} ${String(parserAnswer).padEnd(10)} ${verdict}  ${asked}`;
    });
    const differing = tortureCases.filter((torture) => !agrees(torture));
    console.log([...lines, `${differing.length} of ${lines.length} differ`].join("\n"));
    expect(differing).toEqual([]);
  });

  it.each(tortureCases.filter((torture) => typeof torture.parserAnswer === "number"))(
    "§$section $name can be answered although it is refused",
    ({ name, parserAnswer }) => {
      const answer = buildResponse(readRequest(name), Number(parserAnswer), undefined, {
        toTag: "x",
      });
      const again = parseMessage(serializeMessage(answer));
      expect(again.headers.getAll("Via")).toEqual(readRequest(name).headers.getAll("Via"));
      expect(again.headers.get("CSeq")).toBe(readRequest(name).headers.get("CSeq"));
    },
  );
});

describe("RFC 4475 values", () => {
  it("§3.1.1.1 wsinv: folded and spaced-out headers read as if written plainly", () => {
    const request = readRequest("wsinv");
    expect(request.to.parameters).toEqual(new Map([["tag", "1918181833n"]]));
    expect(request.from.displayName).toBe('J Rosenberg \\"');
    expect(request.cseq).toEqual({ number: 9, method: "INVITE" });
    const vias = request.headers.getAll("Via").flatMap(parseVias);
    expect(vias.map((via) => `${via.transport} ${via.host} ${via.branch}`)).toEqual([
      "UDP 192.0.2.2 390skdjuw",
      "TCP spindle.example.com z9hG4bK9ikj8",
      "UDP 192.168.255.111 z9hG4bK30239",
    ]);
    const contact = request.contacts[0];
    expect(contact).toMatchObject({ displayName: 'Quoted string ""' });
    expect(request.headers.get("NewFangledHeader")).toBe(
      "newfangled value continued newfangled value",
    );
    expect(request.headers.get("UnknownHeaderWithUnusualValue")).toBe(";;,,;;,;");
    expect(request.headers.get("Subject")).toBe("");
    expect(request.body.length).toBe(150);
  });

  it("§3.1.1.2 intmeth: every character that the grammar allows", () => {
    const request = readRequest("intmeth");
    expect(request.method).toBe("!interesting-Method0123456789_*+`.%indeed'~");
    expect(request.uri).toMatchObject({
      user: "1_unusual.URI~(to-be!sure)&isn't+it$/crazy?,/;;*",
      password: "&it+has=1,weird!*pas$wo~d_too.(doesn't-it)",
      host: "example.com",
    });
    expect(request.to.displayName).toBe("BEL:\u0007 NUL:\u0000 DEL:\u007f");
    expect(request.from.displayName).toBe("token1~` token2'+_ token3*%!.-");
    expect(request.from.parameters.get("fromparam''~+*_!.-%")).toBe("работающий");
  });

  it("§3.1.1.3 esc01: an escaped parameter name is the parameter", () => {
    const contact = readRequest("esc01").contacts[0];
    if (typeof contact !== "object" || !isSipUri(contact.uri)) throw new Error("no SIP URI");
    expect(contact.uri.parameters.has("lr")).toBe(true);
    expect(contact.uri.parameters.get("name")).toBe("v%61lue%25%34%31");
  });

  it("§3.1.1.5 esc02: an escaped header name is another header", () => {
    const request = readRequest("esc02");
    expect(request.method).toBe("RE%47IST%45R");
    expect(request.contacts.length).toBe(2);
    expect(request.to.displayName).toBe("%Z%45");
  });

  it("§3.1.1.7 longreq: 34 Vias in their order", () => {
    const request = readRequest("longreq");
    expect(request.headers.count("Via")).toBe(34);
    expect(request.topVia.host).toBe("sip33.example.com");
  });

  it("§3.1.1.8 dblreq: the second request in the datagram is dropped", () => {
    expect(readRequest("dblreq").body.length).toBe(0);
  });

  it("§3.1.1.9 semiuri: the semicolon stays in the user part", () => {
    expect(readRequest("semiuri").uri).toMatchObject({
      user: "user;par=u%40example.net",
      host: "example.com",
    });
  });

  it("§3.1.1.11 mpart01: the binary body stays as it is", () => {
    const bytes = read("mpart01");
    expect(readRequest("mpart01").body).toEqual(bytes.subarray(bytes.length - 553));
  });

  it("§3.1.1.12 unreason: the reason phrase keeps its UTF-8", () => {
    const response = readMessage("unreason");
    expect(response).toMatchObject({ reason: "= 2**3 * 5**2 но сто девяносто девять - простое" });
  });

  it("§3.3.12 cparam01, §3.3.13 cparam02: whose parameter it is depends on <>", () => {
    const [bare] = readRequest("cparam01").contacts;
    const [bracketed] = readRequest("cparam02").contacts;
    expect(bare).toMatchObject({ parameters: new Map([["unknownparam", null]]) });
    expect(bracketed).toMatchObject({
      parameters: new Map(),
      uri: { parameters: new Map([["unknownparam", null]]) },
    });
  });
});
