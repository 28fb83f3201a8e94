import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { buildChallenges } from "../../../sip/digest/challenge.ts";
import { DigestSession } from "../../../sip/digest/digest-session.ts";
import { ha1Of } from "../../../sip/digest/hash.ts";
import { NonceIssuer } from "../../../sip/digest/nonce.ts";
import { NonceCounts } from "../../../sip/digest/nonce-counts.ts";
import { readCredentials } from "../../../sip/digest/read-credentials.ts";
import { DigestVerifier } from "../../../sip/digest/verify-digest.ts";
import { buildResponse } from "../../../sip/message/build-response.ts";
import { newTag } from "../../../sip/message/identifiers.ts";
import { parseAddress } from "../../../sip/message/name-address.ts";
import type { ServerTransaction } from "../../../sip/transaction/transaction-layer.ts";
import { buildRequest } from "../../../sip/user-agent/build-request.ts";
import { Dialog } from "../../../sip/user-agent/dialog.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { UserAgentFixture, until } from "./user-agent-fixture.ts";

const realm = "contoso.example";
const credentials = { username: "alice", password: "secret" };

function requestOf(method: string, headers: [string, string][] = []) {
  return buildRequest({
    method,
    requestUri: "sip:contoso.example",
    from: parseAddress("<sip:alice@contoso.example>"),
    to: parseAddress("<sip:bob@contoso.example>"),
    headers,
  });
}

describe.each(["UDP", "TCP"] as const)("a user agent client over %s", (transport) => {
  const clock = new FakeClock();
  let phone: UserAgentFixture;
  let server: UserAgentFixture;

  beforeEach(async () => {
    phone = new UserAgentFixture(clock);
    server = new UserAgentFixture(clock);
    await phone.transport.start();
    await server.transport.start();
  });
  afterEach(async () => {
    await phone.stop();
    await server.stop();
    expect([...phone.faults, ...server.faults]).toEqual([]);
  });

  const nonces = new NonceIssuer({ secret: Buffer.alloc(32, 1), clock, lifetimeSeconds: 300 });
  const answer = (
    transaction: ServerTransaction,
    status: number,
    headers: [string, string][] = [],
  ) =>
    transaction.respond(
      buildResponse(transaction.request, status, undefined, { toTag: newTag(), headers }),
    );
  const challenge = (transaction: ServerTransaction, status: 401 | 407, stale = false) => {
    const name = status === 401 ? "WWW-Authenticate" : "Proxy-Authenticate";
    const values = buildChallenges({ realm, nonce: nonces.issue(realm), stale });
    answer(
      transaction,
      status,
      values.map((value) => [name, value]),
    );
  };
  const guard = (verifier: DigestVerifier) => (transaction: ServerTransaction) => {
    const { request } = transaction;
    const reading = readCredentials(request.headers.getAll("Authorization"), realm);
    if (reading.outcome !== "credentials") return challenge(transaction, 401);
    const outcome = verifier.verify(reading.credentials, request, ha1Of("alice", realm, "secret"));
    if (outcome.outcome === "valid") return answer(transaction, 200);
    return challenge(transaction, 401, outcome.outcome === "stale");
  };

  it("gives back the final response, and the provisional ones on the way", async () => {
    server.onRequest = (transaction) => {
      answer(transaction, 180);
      answer(transaction, 486);
    };
    const provisional: number[] = [];
    const flow = await phone.flowTo(server, transport);
    const { outcome } = phone.client.send(requestOf("INVITE"), flow, {
      onProvisional: ({ status }) => provisional.push(status),
    });
    expect(await outcome).toMatchObject({ kind: "response", response: { status: 486 } });
    expect(provisional).toEqual([180]);
  });

  it("§22.2 answers a challenge with the same Call-ID and the next CSeq", async () => {
    const counts = new NonceCounts({ clock, lifetimeSeconds: 300 });
    server.onRequest = guard(new DigestVerifier({ nonces, counts }));
    const request = requestOf("REGISTER");
    const flow = await phone.flowTo(server, transport);
    const outcome = await phone.client.send(request, flow, { credentials }).outcome;
    expect(outcome).toMatchObject({ kind: "response", response: { status: 200 } });
    const [first, second] = server.requests.map((transaction) => transaction.request);
    expect(second?.callId).toBe(first?.callId);
    expect([first?.cseq.number, second?.cseq.number]).toEqual([1, 2]);
    expect(second?.headers.get("From")).toBe(first?.headers.get("From"));
    expect(second?.topVia.branch).not.toBe(first?.topVia.branch);
    expect(request.headers.has("Via")).toBe(false);
  });

  it("uses a remembered challenge again, and gets over its expiry", async () => {
    const counts = new NonceCounts({ clock, lifetimeSeconds: 300 });
    server.onRequest = guard(new DigestVerifier({ nonces, counts }));
    const session = new DigestSession(credentials);
    const flow = await phone.flowTo(server, transport);
    const register = async () => {
      const before = server.requests.length;
      const outcome = await phone.client.send(requestOf("REGISTER"), flow, { credentials: session })
        .outcome;
      expect(outcome).toMatchObject({ response: { status: 200 } });
      return server.requests.length - before;
    };
    expect(await register()).toBe(2);
    expect(await register()).toBe(1);
    clock.advance(301_000);
    expect(await register()).toBe(2);
  });

  it("gives a wrong password up after one try", async () => {
    const counts = new NonceCounts({ clock, lifetimeSeconds: 300 });
    server.onRequest = guard(new DigestVerifier({ nonces, counts }));
    const flow = await phone.flowTo(server, transport);
    const wrong = { username: "alice", password: "wrong" };
    const { outcome } = phone.client.send(requestOf("REGISTER"), flow, { credentials: wrong });
    expect(await outcome).toMatchObject({ kind: "response", response: { status: 401 } });
    expect(server.requests).toHaveLength(2);
  });

  it("gives a challenge back where it has no credentials", async () => {
    server.onRequest = (transaction) => challenge(transaction, 407);
    const flow = await phone.flowTo(server, transport);
    const { outcome } = phone.client.send(requestOf("NOTIFY"), flow);
    expect(await outcome).toMatchObject({ kind: "response", response: { status: 407 } });
  });

  it("does not answer challenges for ever", async () => {
    server.onRequest = (transaction) => challenge(transaction, 401, true);
    const flow = await phone.flowTo(server, transport);
    const { outcome } = phone.client.send(requestOf("NOTIFY"), flow, { credentials });
    expect(await outcome).toMatchObject({ kind: "response", response: { status: 401 } });
    expect(server.requests).toHaveLength(3);
  });

  it("§8.1.3.1 says so when no final response comes in time", async () => {
    const flow = await phone.flowTo(server, transport);
    const { outcome } = phone.client.send(requestOf("NOTIFY"), flow);
    await until(() => server.requests.length === 1);
    clock.advance(32_000);
    expect(await outcome).toMatchObject({ kind: "timeout" });
  });

  it("§9.1 cancels an INVITE and reports what it is answered with", async () => {
    server.onRequest = (transaction) => {
      transaction.onCancel = () => answer(transaction, 487);
      answer(transaction, 180);
    };
    const flow = await phone.flowTo(server, transport);
    const sent = phone.client.send(requestOf("INVITE"), flow);
    sent.cancel();
    expect(await sent.outcome).toMatchObject({ kind: "response", response: { status: 487 } });
  });

  it("§13.2.2.4 acknowledges a 2xx, and hears of every further one", async () => {
    server.onRequest = (transaction) =>
      answer(transaction, 200, [["Contact", "<sip:bob@127.0.0.1:5070>"]]);
    const flow = await phone.flowTo(server, transport);
    const further: number[] = [];
    const { outcome } = phone.client.send(
      requestOf("INVITE", [["Contact", "<sip:alice@127.0.0.1:5071>"]]),
      flow,
      { onFurtherSuccess: ({ status }) => further.push(status) },
    );
    const result = await outcome;
    if (result.kind !== "response") throw new Error(result.kind);
    const dialog = Dialog.asUac(result.request, result.response);
    phone.client.acknowledge(dialog.acknowledge(result.request), flow);
    await until(() => server.acks.length === 1);
    expect(server.acks[0]?.request.requestUri).toBe("sip:bob@127.0.0.1:5070");
    const [invite] = server.requests;
    if (invite !== undefined) answer(invite, 200, [["Contact", "<sip:bob@127.0.0.1:5070>"]]);
    await until(() => further.length === 1);
  });
});

describe("a user agent client on a lost connection", () => {
  it("§18.4 reports a transport error", async () => {
    const [phone, server] = [new UserAgentFixture(), new UserAgentFixture()];
    await phone.transport.start();
    await server.transport.start();
    server.onRequest = ({ flow }) => flow.close();
    const flow = await phone.flowTo(server, "TCP");
    const { outcome } = phone.client.send(requestOf("NOTIFY"), flow);
    expect(await outcome).toMatchObject({ kind: "transport-error" });
    await phone.stop();
    await server.stop();
  });
});
