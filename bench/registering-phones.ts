import { createHash } from "node:crypto";
import { createSocket, type Socket } from "node:dgram";

/** An account to register. */
export interface BenchAccount {
  readonly user: string;
  readonly domain: string;
  readonly authenticationName: string;
  readonly password: string;
}

/** What a run of registrations measured. */
export interface RegistrationRun {
  readonly registrations: number;
  readonly seconds: number;
  /** Requests sent again because no answer came in time: lost datagrams. */
  readonly retransmissions: number;
}

interface Pending {
  readonly account: BenchAccount;
  readonly index: number;
  cseq: number;
  sentAtMilliseconds: number;
  bytes: Buffer;
}

const retransmitAfterMilliseconds = 500;

/**
 * Registers accounts over UDP as fast as the gateway answers, with a digest each, keeping a fixed
 * number under way. Its own few lines of SIP: a measure should not share code with what it measures.
 */
export class RegisteringPhones {
  readonly #socket: Socket = createSocket("udp4");
  readonly #pending = new Map<string, Pending>();
  readonly #accounts: readonly BenchAccount[];
  readonly #gatewayPort: number;
  readonly #windowSize: number;
  #runs = 0;
  #next = 0;
  #done = 0;
  #total = 0;
  #retransmissions = 0;
  #finish: (() => void) | undefined;
  #fail: ((error: Error) => void) | undefined;

  constructor(gatewayPort: number, accounts: readonly BenchAccount[], windowSize: number) {
    this.#gatewayPort = gatewayPort;
    this.#accounts = accounts;
    this.#windowSize = windowSize;
  }

  async open(): Promise<void> {
    await new Promise<void>((resolve) => this.#socket.bind(0, "127.0.0.1", resolve));
    this.#socket.setRecvBufferSize(4 * 1024 * 1024);
    this.#socket.on("message", (bytes) => this.#receive(bytes.toString("latin1")));
  }

  close(): void {
    this.#socket.close();
  }

  /** Registers `total` times, round the accounts. */
  async run(total: number): Promise<RegistrationRun> {
    this.#runs++;
    this.#next = 0;
    this.#done = 0;
    this.#total = total;
    this.#retransmissions = 0;
    const began = performance.now();
    const resend = setInterval(() => this.#retransmit(), 100);
    try {
      await new Promise<void>((resolve, reject) => {
        this.#finish = resolve;
        this.#fail = reject;
        for (let index = 0; index < Math.min(this.#windowSize, total); index++) this.#startNext();
      });
    } finally {
      clearInterval(resend);
    }
    const seconds = (performance.now() - began) / 1000;
    return { registrations: total, seconds, retransmissions: this.#retransmissions };
  }

  #startNext(): void {
    if (this.#next >= this.#total) return;
    const index = this.#next++;
    const account = this.#accounts[index % this.#accounts.length];
    if (account === undefined) throw new Error("There is no account to register.");
    const callId = `bench-${this.#runs}-${index}`;
    const pending = { account, index, cseq: 1, sentAtMilliseconds: 0, bytes: Buffer.alloc(0) };
    this.#pending.set(callId, pending);
    this.#send(callId, pending, undefined);
  }

  #send(callId: string, pending: Pending, authorization: string | undefined): void {
    const { account, index, cseq } = pending;
    const { port } = this.#socket.address();
    pending.bytes = Buffer.from(
      `REGISTER sip:${account.domain} SIP/2.0\r\n` +
        `Via: SIP/2.0/UDP 127.0.0.1:${port};branch=z9hG4bK-${index}-${cseq};rport\r\n` +
        "Max-Forwards: 70\r\n" +
        `From: "Bench" <sip:${account.user}@${account.domain}>;tag=${index}\r\n` +
        `To: "Bench" <sip:${account.user}@${account.domain}>\r\n` +
        `Call-ID: ${callId}\r\n` +
        `CSeq: ${cseq} REGISTER\r\n` +
        `Contact: <sip:${account.user}@127.0.0.1:${port}>\r\n` +
        (authorization === undefined ? "" : `Authorization: ${authorization}\r\n`) +
        "Allow: INVITE, ACK, BYE, CANCEL, OPTIONS, NOTIFY, REFER, UPDATE\r\n" +
        "User-Agent: Yealink SIP-T46S 66.86.0.15\r\n" +
        "Expires: 1800\r\n" +
        "Content-Length: 0\r\n\r\n",
      "latin1",
    );
    pending.sentAtMilliseconds = performance.now();
    this.#socket.send(pending.bytes, this.#gatewayPort, "127.0.0.1");
  }

  #receive(text: string): void {
    const callId = /\r\nCall-ID: ([^\r]+)/.exec(text)?.[1] ?? "";
    const pending = this.#pending.get(callId);
    if (pending === undefined) return;
    const status = text.slice(8, 11);
    if (status === "401" && pending.cseq === 1) {
      pending.cseq = 2;
      this.#send(callId, pending, answerChallenge(text, pending.account));
      return;
    }
    if (status === "401" && text.includes("\r\nCSeq: 1 ")) return;
    if (status !== "200") {
      this.#fail?.(
        new Error(`A registration was answered: ${text.slice(0, text.indexOf("\r\n"))}`),
      );
      return;
    }
    this.#pending.delete(callId);
    this.#done++;
    if (this.#done === this.#total) this.#finish?.();
    else this.#startNext();
  }

  #retransmit(): void {
    const before = performance.now() - retransmitAfterMilliseconds;
    for (const pending of this.#pending.values()) {
      if (pending.sentAtMilliseconds > before) continue;
      pending.sentAtMilliseconds = performance.now();
      this.#retransmissions++;
      this.#socket.send(pending.bytes, this.#gatewayPort, "127.0.0.1");
    }
  }
}

/** Answers the SHA-256 challenge of a 401 (RFC 7616). */
function answerChallenge(text: string, account: BenchAccount): string {
  const challenge = /WWW-Authenticate: (Digest [^\r]*SHA-256[^\r]*)/.exec(text)?.[1] ?? "";
  const part = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(challenge)?.[1] ?? "";
  const realm = part("realm");
  const nonce = part("nonce");
  const uri = `sip:${account.domain}`;
  const ha1 = sha256(`${account.authenticationName}:${realm}:${account.password}`);
  const ha2 = sha256(`REGISTER:${uri}`);
  const response = sha256(`${ha1}:${nonce}:00000001:0a4f113b:auth:${ha2}`);
  return (
    `Digest username="${account.authenticationName}", realm="${realm}", nonce="${nonce}", ` +
    `uri="${uri}", response="${response}", algorithm=SHA-256, cnonce="0a4f113b", qop=auth, nc=00000001`
  );
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
