import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { waitUntil } from "../support/wait-until.ts";
import { BesiegedGateway } from "./besieged-gateway.ts";
import { askDatagram, openStream, sendDatagrams } from "./raw-sockets.ts";

const flood = 20_000;
let gateway: BesiegedGateway;
let before: number;

beforeAll(async () => {
  gateway = await BesiegedGateway.start();
  before = gateway.residentMegabytes();
});

afterAll(() => gateway?.stop());

interface FloodRequest {
  readonly method: string;
  readonly number: number;
  readonly transport?: "UDP" | "TCP";
  readonly toTag?: boolean;
  readonly headers?: readonly string[];
}

function requestOf({
  method,
  number,
  transport = "UDP",
  toTag,
  headers = [],
}: FloodRequest): Buffer {
  const user = `+1425555${String(number).padStart(5, "0")}`;
  const lines = [
    `${method} sip:${user}@contoso.example SIP/2.0`,
    // Port 9 discards: what is answered comes back to nobody.
    `Via: SIP/2.0/${transport} 127.0.0.1:9;branch=z9hG4bKflood${number}`,
    "Max-Forwards: 70",
    `From: <sip:${user}@contoso.example>;tag=${number}`,
    `To: <sip:${user}@contoso.example>${toTag === true ? ";tag=forged" : ""}`,
    `Call-ID: flood-${number}`,
    `CSeq: 1 ${method}`,
    `Contact: <sip:${user}@127.0.0.1:9>`,
    ...headers,
    "Content-Length: 0",
  ];
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n`);
}

function* floodOf(count: number, request: Omit<FloodRequest, "number">): Generator<Buffer> {
  for (let number = 0; number < count; number++) yield requestOf({ ...request, number });
}

function openTransactions(): Promise<number> {
  return gateway.metric("sip_gateway_sip_transactions_open");
}

/** Timer H and Timer J run for 32 s of the gateway's time; an answer that is late begins late. */
async function untilForgotten(): Promise<void> {
  const look = async () => {
    await gateway.admin.advanceClock(33);
    return (await openTransactions()) === 0 || undefined;
  };
  await waitUntil(look, { what: "The transactions end" });
}

function credentialsFor(nonce: string): string {
  return `Digest username="nobody", realm="contoso.example", nonce="${nonce}", uri="sip:contoso.example", response="00000000000000000000000000000000", algorithm=MD5, qop=auth, cnonce="1", nc=00000001`;
}

/** The nonce of a challenge that the gateway really made. */
async function freshNonce(): Promise<string> {
  const request = requestOf({ method: "INVITE", number: 99_999 }).toString();
  const answer = await askDatagram(
    gateway.sipPort,
    request.replace("127.0.0.1:9;branch", "127.0.0.1:OWNPORT;branch"),
  );
  const nonce = /nonce="([0-9a-f]+)"/.exec(answer ?? "")?.[1];
  if (nonce === undefined) throw new Error(`No challenge came: ${answer}`);
  return nonce;
}

describe("floods", () => {
  it("§26.3.2.4 INVITEs from one address without credentials, then silence: no transaction", async () => {
    await sendDatagrams(gateway.sipPort, floodOf(flood, { method: "INVITE" }));
    expect(await openTransactions()).toBe(0);
    await gateway.expectWell(`${flood} INVITEs without credentials`, before);
  }, 60_000);

  it("§26.3.2.4 INVITEs that answer a challenge which we never made: no transaction", async () => {
    const headers = [`Proxy-Authorization: ${credentialsFor("invented")}`];
    await sendDatagrams(gateway.sipPort, floodOf(5000, { method: "INVITE", headers }));
    expect(await openTransactions()).toBe(0);
    await gateway.expectWell("5,000 INVITEs with invented nonces", before);
  }, 60_000);

  it("INVITEs in dialogs that do not exist, of 55 KB each: no transaction", async () => {
    const headers = [`X-Filler: ${"x".repeat(55_000)}`];
    await sendDatagrams(gateway.sipPort, floodOf(2000, { method: "INVITE", toTag: true, headers }));
    expect(await openTransactions()).toBe(0);
    await gateway.expectWell("2,000 INVITEs of 55 KB in forged dialogs", before);
  }, 60_000);

  it("INVITEs with a challenge's nonce and a wrong digest: bounded, forgotten after Timer H", async () => {
    const headers = [`Proxy-Authorization: ${credentialsFor(await freshNonce())}`];
    await sendDatagrams(gateway.sipPort, floodOf(2000, { method: "INVITE", headers }));
    expect(await openTransactions()).toBeLessThanOrEqual(2000);
    await gateway.expectWell("2,000 INVITEs with wrong digests", before);
    await untilForgotten();
  }, 60_000);

  it("INVITEs over TCP, each followed by a close before the answer", async () => {
    const headers = [`Proxy-Authorization: ${credentialsFor(await freshNonce())}`];
    for (let number = 0; number < 500; number++) {
      const socket = await openStream(gateway.sipPort);
      socket.end(
        requestOf({ method: "INVITE", number: 50_000 + number, transport: "TCP", headers }),
      );
      socket.destroySoon();
    }
    await untilForgotten();
    await gateway.expectWell("500 INVITEs followed by a close", before);
  }, 60_000);

  it("REGISTERs that never authenticate: each is challenged, nothing is kept", async () => {
    await sendDatagrams(gateway.sipPort, floodOf(flood, { method: "REGISTER" }));
    expect(await openTransactions()).toBe(0);
    expect((await gateway.admin.registrations()).items).toEqual([]);
    await gateway.expectWell(`${flood} REGISTERs without credentials`, before);
  }, 60_000);

  it("REGISTERs with invented credentials: nothing is kept, and no account is locked", async () => {
    const headers = [`Authorization: ${credentialsFor("invented")}`];
    await sendDatagrams(gateway.sipPort, floodOf(5000, { method: "REGISTER", headers }));
    await waitUntil(
      async () =>
        (await gateway.metric("sip_gateway_registrations_in_progress")) === 0 || undefined,
      { what: "Every REGISTER is answered" },
    );
    expect((await gateway.admin.registrations()).items).toEqual([]);
    await gateway.expectWell("5,000 REGISTERs with invented credentials", before);
  }, 60_000);

  it("CANCELs, ACKs and BYEs for what does not exist: nothing is kept", async () => {
    for (const method of ["CANCEL", "ACK", "BYE"]) {
      await sendDatagrams(gateway.sipPort, floodOf(3000, { method, toTag: method !== "CANCEL" }));
    }
    await untilForgotten();
    await gateway.expectWell("9,000 stray requests", before);
  }, 60_000);
});
