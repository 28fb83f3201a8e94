// `npm run bench`: one registration inside the gateway: the bytes of a REGISTER go through all but
// the kernel's sockets, on a real SQLite file. In µs of CPU, the least of many rounds, as whatever
// else the machine does only adds.
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { setImmediate } from "node:timers/promises";
import { pino } from "pino";
import { SystemClock } from "../sip/clock.ts";
import { digestResponse, ha1Of } from "../sip/digest/hash.ts";
import { NonceIssuer } from "../sip/digest/nonce.ts";
import { NonceCounts } from "../sip/digest/nonce-counts.ts";
import { readCredentials } from "../sip/digest/read-credentials.ts";
import { DigestVerifier } from "../sip/digest/verify-digest.ts";
import { buildResponse } from "../sip/message/build-response.ts";
import { parseMessage } from "../sip/message/parse-message.ts";
import { serializeMessage } from "../sip/message/serialize-message.ts";
import { SipRequest } from "../sip/message/sip-message.ts";
import { validateRequest } from "../sip/message/validate-request.ts";
import type { Flow } from "../sip/transport/flow.ts";
import { ReceiveMessages, type TransportHandlers } from "../sip/transport/receive-messages.ts";
import { TransportLayer } from "../sip/transport/transport-layer.ts";
import { registrationLimits } from "../src/domain/apply-registration.ts";
import type { Binding } from "../src/domain/binding.ts";
import { OnboardingAccounts } from "../src/domain/onboarding-account.ts";
import type { TenantId } from "../src/domain/tenant.ts";
import { CredentialDirectory } from "../src/signaling/authentication/credential-directory.ts";
import { RequestAuthenticator } from "../src/signaling/authentication/request-authenticator.ts";
import { RefusedRequests } from "../src/signaling/refused-requests.ts";
import { DeviceArrivals } from "../src/signaling/registrar/device-arrivals.ts";
import { Registrar } from "../src/signaling/registrar/registrar.ts";
import { RegistrationNews } from "../src/signaling/registrar/registration-news.ts";
import { ServedDomains } from "../src/signaling/served-domains.ts";
import { noObserver } from "../src/signaling/signaling-observer.ts";
import { StatelessReplies } from "../src/signaling/stateless-replies.ts";
import { openStores } from "../src/stores/open-stores.ts";

const phones = 5_000;
const rounds = 40;
const phonesInRound = 1_000;
/** As many as the kernel hands over in one turn when datagrams queue. */
const atOnce = 64;
const domain = "contoso.example";
const uri = `sip:${domain}`;
const address = "127.0.0.1";

const dataDir = mkdtempSync(path.join(os.tmpdir(), "gateway-bench-"));
const logger = pino({ level: "silent" });
const clock = new SystemClock();
const stores = await openStores({ dataDir, redisUrl: undefined, logger });
const tenant = await stores.tenants.ensureFirst({
  id: "0b9c1a52-5d4c-4d0e-9a55-0c1f3c7a2f11" as TenantId,
  name: "Contoso",
  domain,
});
await stores.accounts.putMany(
  Array.from({ length: phones }, (_, phone) => ({
    tenantId: tenant.id,
    authenticationName: nameOf(phone),
    realm: domain,
    aor: `sip:${numberOf(phone)}@${domain}`,
    upn: `${nameOf(phone)}@${domain}`,
    macAddress: null,
    ha1: ha1Of(nameOf(phone), domain, "password"),
  })),
);

/** What was sent since this was last emptied. */
let answers: string[] = [];
const receive = wire();
const flows = Array.from({ length: phones }, (_, phone) => flowOf(10_000 + phone));

try {
  await measure();
} finally {
  await stores.stop();
  rmSync(dataDir, { recursive: true, force: true });
}

/** The part of `SipServer` that a REGISTER passes. */
function wire(): ReceiveMessages {
  const domains = new ServedDomains({
    tenantDomain: domain,
    publicAddress: address,
    bindAddress: address,
  });
  const fail = (error: unknown) => {
    throw error;
  };
  const handlers: TransportHandlers = {
    onRequest: (incoming) => {
      const fault = validateRequest(incoming.request);
      if (fault !== undefined) throw new Error(fault.reason);
      registrar.onRegister(incoming);
    },
    onResponse: () => undefined,
    onFault: fail,
  };
  const transport = new TransportLayer({
    clock,
    listeners: [],
    advertised: { host: address },
    handlers,
  });
  const authenticator = new RequestAuthenticator({
    clock,
    nonceSecret: randomBytes(32),
    directory: new CredentialDirectory({
      stores,
      tenant,
      onboardingAccounts: new OnboardingAccounts(randomBytes(32)),
    }),
  });
  const registrar = new Registrar({
    nodeId: "node-1",
    clock,
    stores,
    limits: registrationLimits,
    mostInProgress: 10_000,
    domains,
    authenticator,
    replies: new StatelessReplies({ sender: transport, tagSeed: 1 }),
    news: new RegistrationNews({ stores, clock, logger }),
    arrivals: new DeviceArrivals({
      clock,
      stores,
      resync: async () => undefined,
      onArrival: () => undefined,
      logger,
    }),
    refusals: new RefusedRequests({
      stores,
      clock,
      tenantId: tenant.id,
      observer: noObserver,
      logger,
    }),
    observer: noObserver,
    logger,
  });
  return new ReceiveMessages({
    clock,
    counters: transport.counters,
    handlers,
    observer: undefined,
    datagramBytes: 65_535,
    sendResponse: (response, flow) => transport.sendResponse(response, flow),
    isOurSentBy: () => false,
  });
}

async function measure(): Promise<void> {
  const least = new Map<string, number>();
  const record = (what: string, microseconds: number) =>
    least.set(what, Math.min(microseconds / phonesInRound, least.get(what) ?? Number.MAX_VALUE));
  for (let round = 0; round < rounds; round++) {
    const first = (round * phonesInRound) % phones;
    const numbers = Array.from({ length: phonesInRound }, (_, index) => first + index);
    const bare = numbers.map((phone) => register(phone, round, 1, undefined));
    record("challenge", await timeAll(() => deliver(bare, numbers)));
    const challenges = answers;
    const signed = numbers.map((phone, index) =>
      register(phone, round, 2, authorization(phone, challenges[index] ?? "")),
    );
    record("registration", await timeAll(() => deliver(signed, numbers)));
    const refused = answers.find((answer) => !answer.startsWith("SIP/2.0 200 "));
    if (refused !== undefined) throw new Error(`A registration was answered: ${refused}`);
    record("challenge: message", await timeAll(() => readAndAnswer(bare)));
    record("registration: message", await timeAll(() => readAndAnswer(signed)));
    const issuer = new NonceIssuer({ secret: randomBytes(32), clock, lifetimeSeconds: 300 });
    record("challenge: digest", await timeAll(() => issueNonces(issuer)));
    const proofs = numbers.map((phone) => proofOf(phone, round, issuer));
    record("registration: digest", await timeAll(() => verifyAll(proofs, issuer)));
    record("registration: store", await timeAll(() => refreshAll(numbers)));
  }
  report(least);
}

function report(least: ReadonlyMap<string, number>): void {
  for (const whole of ["challenge", "registration"]) {
    const total = least.get(whole) ?? 0;
    let rest = total;
    console.log(`${whole.padEnd(34)} ${total.toFixed(1).padStart(6)} µs`);
    for (const part of ["message", "digest", "store"]) {
      const microseconds = least.get(`${whole}: ${part}`);
      if (microseconds === undefined) continue;
      rest -= microseconds;
      console.log(`  ${part.padEnd(32)} ${microseconds.toFixed(1).padStart(6)} µs`);
    }
    console.log(`  ${"registrar, transport".padEnd(32)} ${rest.toFixed(1).padStart(6)} µs`);
  }
}

/** CPU time in microseconds. */
async function timeAll(work: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

async function deliver(datagrams: readonly Buffer[], numbers: readonly number[]): Promise<void> {
  answers = [];
  for (let start = 0; start < datagrams.length; start += atOnce) {
    const end = Math.min(start + atOnce, datagrams.length);
    for (let index = start; index < end; index++) {
      const flow = flows[numbers[index] ?? 0];
      const bytes = datagrams[index];
      if (flow !== undefined && bytes !== undefined) receive.datagram(bytes, flow);
    }
    while (answers.length < end) await setImmediate();
  }
}

function readAndAnswer(datagrams: readonly Buffer[]): void {
  for (const bytes of datagrams) {
    const request = requestIn(bytes);
    validateRequest(request);
    serializeMessage(buildResponse(request, 200, undefined, { toTag: "a1b2c3d4" }));
  }
}

function issueNonces(issuer: NonceIssuer): void {
  for (let index = 0; index < phonesInRound; index++) issuer.issue(domain);
}

interface Proof {
  readonly request: SipRequest;
  readonly ha1: ReturnType<typeof ha1Of>;
}

function proofOf(phone: number, round: number, issuer: NonceIssuer): Proof {
  const challenge = `nonce="${issuer.issue(domain)}"`;
  return {
    request: requestIn(register(phone, round, 2, authorization(phone, challenge))),
    ha1: ha1Of(nameOf(phone), domain, "password"),
  };
}

function verifyAll(proofs: readonly Proof[], nonces: NonceIssuer): void {
  const counts = new NonceCounts({ clock, lifetimeSeconds: 300 });
  const verifier = new DigestVerifier({ nonces, counts });
  for (const { request, ha1 } of proofs) {
    const reading = readCredentials(request.headers.getAll("Authorization"), domain);
    if (reading.outcome === "credentials") verifier.verify(reading.credentials, request, ha1);
  }
}

async function refreshAll(numbers: readonly number[]): Promise<void> {
  const now = clock.nowMilliseconds();
  for (let start = 0; start < numbers.length; start += atOnce) {
    await Promise.all(
      numbers.slice(start, start + atOnce).map((phone) => {
        const aor = `sip:${numberOf(phone)}@${domain}`;
        return stores.bindings.update(tenant.id, aor, now, refreshed);
      }),
    );
  }
}

function refreshed(current: readonly Binding[]): { bindings: readonly Binding[] } {
  return { bindings: current.map((binding) => ({ ...binding, cseq: binding.cseq + 1 })) };
}

function requestIn(bytes: Buffer): SipRequest {
  const message = parseMessage(bytes);
  if (!(message instanceof SipRequest)) throw new Error("the sample is a request");
  return message;
}

function flowOf(remotePort: number): Flow {
  return {
    id: `udp:${address}:5060>${address}:${remotePort}`,
    transport: "UDP",
    reliable: false,
    localAddress: address,
    localPort: 5060,
    remoteAddress: address,
    remotePort,
    open: true,
    send: (bytes) => void answers.push(bytes.toString("latin1")),
    close: () => undefined,
  };
}

function nameOf(phone: number): string {
  return `auth-${phone}`;
}

function numberOf(phone: number): string {
  return `+1425${5_550_000 + phone}`;
}

function register(phone: number, round: number, cseq: number, credentials?: string): Buffer {
  const port = 10_000 + phone;
  const user = numberOf(phone);
  const lines = [
    `REGISTER ${uri} SIP/2.0`,
    `Via: SIP/2.0/UDP ${address}:${port};branch=z9hG4bK${round}-${phone}-${cseq};rport`,
    "Max-Forwards: 70",
    `From: "Bench" <sip:${user}@${domain}>;tag=${phone}`,
    `To: "Bench" <sip:${user}@${domain}>`,
    `Call-ID: hot-path-${round}-${phone}`,
    `CSeq: ${cseq} REGISTER`,
    `Contact: <sip:${user}@${address}:${port}>`,
    ...(credentials === undefined ? [] : [`Authorization: ${credentials}`]),
    "Allow: INVITE, ACK, BYE, CANCEL, OPTIONS, NOTIFY, REFER, UPDATE",
    "User-Agent: Yealink SIP-T46S 66.86.0.15",
    "Expires: 1800",
    "Content-Length: 0",
  ];
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1");
}

function authorization(phone: number, challenge: string): string {
  const nonce = /nonce="([^"]*)"/.exec(challenge)?.[1] ?? "";
  const protection = { nonceCount: "00000001", clientNonce: "0a4f113b" };
  const { sha256 } = ha1Of(nameOf(phone), domain, "password");
  const request = { method: "REGISTER", uri, nonce };
  const response = digestResponse("SHA-256", sha256, request, protection);
  return (
    `Digest username="${nameOf(phone)}", realm="${domain}", nonce="${nonce}", uri="${uri}", ` +
    `response="${response}", algorithm=SHA-256, cnonce="0a4f113b", qop=auth, nc=00000001`
  );
}
