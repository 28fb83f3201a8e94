import { createHash } from "node:crypto";
import { createSocket, type Socket as DatagramSocket } from "node:dgram";
import { once } from "node:events";
import { type AddressInfo, connect, type Socket } from "node:net";
import { parseDigestHeader } from "../../sip/message/digest-header.ts";
import { parseMessage } from "../../sip/message/parse-message.ts";
import { type SipMessage, SipRequest, SipResponse } from "../../sip/message/sip-message.ts";
import { StreamFramer } from "../../sip/message/stream-framer.ts";

const host = "127.0.0.1";

/** Who a test phone says it is, and how it proves it. */
export interface TestAccount {
  readonly user: string;
  readonly domain: string;
  readonly authenticationName: string;
  readonly password: string;
}

/** A request to send: header fields that are not named get the phone's usual value. */
export interface TestRequest {
  readonly method: string;
  readonly uri: string;
  readonly callId?: string;
  readonly cseq?: number;
  readonly from?: string;
  readonly to?: string;
  readonly branch?: string;
  /** Full lines; placed after the usual ones. */
  readonly headers?: readonly string[];
  /** No Contact is added where this is false. */
  readonly contact?: boolean;
  readonly body?: string;
}

let counted = 0;

/**
 * A phone on a real socket that says exactly what a test tells it to. Its digest is made here, from
 * RFC 7616's text, and not by the code that is tested.
 */
export class SipTestPhone {
  readonly transport: "UDP" | "TCP";
  readonly account: TestAccount;
  readonly localAddress: string;
  readonly localPort: number;
  readonly received: SipMessage[] = [];
  readonly #socket: DatagramSocket | Socket;
  readonly #serverPort: number;
  readonly #waiting = new Set<() => void>();
  #cseq = 0;

  private constructor(
    transport: "UDP" | "TCP",
    socket: DatagramSocket | Socket,
    serverPort: number,
    account: TestAccount,
  ) {
    this.transport = transport;
    this.account = account;
    this.#socket = socket;
    this.#serverPort = serverPort;
    const { address, port } = socket.address() as AddressInfo;
    this.localAddress = address;
    this.localPort = port;
  }

  /** @param localAddress for a phone somewhere else; any of 127.0.0.0/8 */
  static async open(
    serverPort: number,
    account: TestAccount,
    transport: "UDP" | "TCP" = "UDP",
    localAddress = host,
  ): Promise<SipTestPhone> {
    if (transport === "UDP") {
      const socket = createSocket("udp4");
      socket.bind(0, localAddress);
      await once(socket, "listening");
      const phone = new SipTestPhone(transport, socket, serverPort, account);
      socket.on("message", (bytes) => phone.#take(parseMessage(bytes)));
      return phone;
    }
    const socket = connect({ port: serverPort, host, localAddress });
    await once(socket, "connect");
    const phone = new SipTestPhone(transport, socket, serverPort, account);
    const framer = new StreamFramer();
    socket.on("error", () => undefined);
    socket.on("data", (chunk: Buffer) => {
      for (const event of framer.push(chunk)) {
        if (event.kind === "message") phone.#take(event.message);
      }
    });
    return phone;
  }

  get aor(): string {
    return `sip:${this.account.user}@${this.account.domain}`;
  }

  get contactUri(): string {
    const transport = this.transport === "TCP" ? ";transport=tcp" : "";
    return `sip:${this.account.user}@${this.localAddress}:${this.localPort}${transport}`;
  }

  nextCSeq(): number {
    return ++this.#cseq;
  }

  /** The text of a request, not sent yet. */
  build(request: TestRequest): string {
    const { method, uri } = request;
    const body = request.body ?? "";
    const lines = [
      `${method} ${uri} SIP/2.0`,
      `Via: SIP/2.0/${this.transport} ${this.localAddress}:${this.localPort};branch=${request.branch ?? `z9hG4bK${++counted}x${this.localPort}`};rport`,
      "Max-Forwards: 70",
      `From: ${request.from ?? `<${this.aor}>;tag=f${this.localPort}`}`,
      `To: ${request.to ?? `<${uri}>`}`,
      `Call-ID: ${request.callId ?? `call-${++counted}-${this.localPort}`}`,
      `CSeq: ${request.cseq ?? this.nextCSeq()} ${method}`,
      ...(request.contact === false ? [] : [`Contact: <${this.contactUri}>`]),
      ...(request.headers ?? []),
      `Content-Length: ${Buffer.byteLength(body)}`,
    ];
    return `${lines.join("\r\n")}\r\n\r\n${body}`;
  }

  /** Sends to the gateway, or on UDP to another port of this host. */
  sendText(text: string, port = this.#serverPort): void {
    if (this.#socket instanceof Object && "write" in this.#socket) this.#socket.write(text);
    else this.#socket.send(text, port, host);
  }

  /** Resolves with the first message, past or to come, that fits and was not handed out before. */
  async receive<T extends SipMessage>(
    fits: (message: SipMessage) => message is T,
    timeoutMilliseconds = 5000,
  ): Promise<T> {
    const deadline = Date.now() + timeoutMilliseconds;
    for (;;) {
      const index = this.received.findIndex(fits);
      const [message] = index < 0 ? [] : this.received.splice(index, 1);
      if (message !== undefined && fits(message)) return message;
      const left = deadline - Date.now();
      if (left <= 0) {
        const seen = this.received.map(describe).join(", ");
        throw new Error(`What was waited for did not come; unread: ${seen || "nothing"}`);
      }
      await this.#nextArrival(left);
    }
  }

  /** The next final response to this method (and Call-ID). */
  response(method: string, callId?: string): Promise<SipResponse> {
    return this.receive(
      (message): message is SipResponse =>
        message instanceof SipResponse &&
        message.status >= 200 &&
        message.cseq.method === method &&
        (callId === undefined || message.callId === callId),
    );
  }

  provisional(status: number): Promise<SipResponse> {
    return this.receive(
      (message): message is SipResponse =>
        message instanceof SipResponse && message.status === status,
    );
  }

  incoming(method: string): Promise<SipRequest> {
    return this.receive(
      (message): message is SipRequest =>
        message instanceof SipRequest && message.method === method,
    );
  }

  /** Sends a request, answers one challenge, acknowledges what has to be, returns the final response. */
  async call(request: TestRequest, algorithm = "SHA-256"): Promise<SipResponse> {
    const callId = request.callId ?? `call-${++counted}-${this.localPort}`;
    const first = { ...request, callId, cseq: request.cseq ?? this.nextCSeq() };
    const branch = `z9hG4bK${++counted}c${this.localPort}`;
    this.sendText(this.build({ ...first, branch }));
    const challenge = await this.response(request.method, callId);
    if (request.method === "INVITE" && challenge.status >= 300)
      this.acknowledge(first, challenge, branch);
    if (challenge.status !== 401 && challenge.status !== 407) return challenge;
    return this.retry(first, challenge, algorithm);
  }

  /** Sends the request again with credentials for this challenge. */
  async retry(
    request: TestRequest & { callId: string; cseq: number },
    challenge: SipResponse,
    algorithm = "SHA-256",
    changes: Readonly<Record<string, string>> = {},
  ): Promise<SipResponse> {
    const cseq = request.cseq + 1;
    this.#cseq = Math.max(this.#cseq, cseq);
    const authorization = this.credentials(
      challenge,
      request.method,
      request.uri,
      algorithm,
      changes,
    );
    const branch = `z9hG4bK${++counted}r${this.localPort}`;
    const again = { ...request, cseq, headers: [...(request.headers ?? []), authorization] };
    this.sendText(this.build({ ...again, branch }));
    const final = await this.response(request.method, request.callId);
    if (request.method === "INVITE" && final.status >= 300) this.acknowledge(again, final, branch);
    return final;
  }

  /** The (Proxy-)Authorization line for a challenge (RFC 7616 §3.4). */
  credentials(
    challenge: SipResponse,
    method: string,
    uri: string,
    algorithm = "SHA-256",
    changes: Readonly<Record<string, string>> = {},
  ): string {
    const header = challenge.status === 407 ? "Proxy-Authenticate" : "WWW-Authenticate";
    const offered = challenge.headers.getAll(header).map((value) => parseDigestHeader(value));
    const found = offered.find((one) => one.parameters.get("algorithm") === algorithm);
    if (found === undefined) throw new Error(`${algorithm} was not offered`);
    const realm = found.parameters.get("realm") ?? "";
    const nonce = changes.nonce ?? found.parameters.get("nonce") ?? "";
    const nc = changes.nc ?? "00000001";
    const cnonce = "0a4f113b";
    const { authenticationName } = this.account;
    const hash = (text: string) =>
      createHash(algorithm === "MD5" ? "md5" : "sha256")
        .update(text)
        .digest("hex");
    const ha1 = hash(`${authenticationName}:${realm}:${changes.password ?? this.account.password}`);
    const response = hash(`${ha1}:${nonce}:${nc}:${cnonce}:auth:${hash(`${method}:${uri}`)}`);
    const name = challenge.status === 407 ? "Proxy-Authorization" : "Authorization";
    return `${name}: Digest username="${authenticationName}", realm="${realm}", nonce="${nonce}", uri="${uri}", response="${response}", algorithm=${algorithm}, cnonce="${cnonce}", qop=auth, nc=${nc}`;
  }

  /** ACK to a final response other than 2xx: same branch (RFC 3261 §17.1.1.3). */
  acknowledge(
    request: TestRequest & { callId: string; cseq: number },
    final: SipResponse,
    branch: string,
  ): void {
    this.sendText(
      this.build({
        method: "ACK",
        uri: request.uri,
        callId: request.callId,
        cseq: request.cseq,
        branch,
        to: final.headers.get("To") ?? "",
        ...(request.from === undefined ? {} : { from: request.from }),
        contact: false,
      }),
    );
  }

  /** A request within the dialog that a 2xx to our INVITE made (RFC 3261 §12.2.1.1). */
  buildInDialog(method: string, answer: SipResponse, cseq: number, body?: string): string {
    const [contact] = answer.contacts === "*" ? [] : answer.contacts;
    const uri =
      contact === undefined ? "" : /<([^>]+)>/.exec(answer.headers.get("Contact") ?? "")?.[1];
    const routes = [...answer.headers.getAll("Record-Route")].reverse();
    return this.build({
      method,
      uri: uri ?? "",
      callId: answer.callId,
      cseq,
      from: answer.headers.get("From") ?? "",
      to: answer.headers.get("To") ?? "",
      headers: routes.map((route) => `Route: ${route}`),
      ...(body === undefined ? {} : { body }),
    });
  }

  /** Answers a request that came in. */
  respond(
    request: SipRequest,
    status: number,
    options: { reason?: string; headers?: readonly string[]; body?: string; tag?: string } = {},
  ): void {
    const body = options.body ?? "";
    const to = request.headers.get("To") ?? "";
    const lines = [
      `SIP/2.0 ${status} ${options.reason ?? "Test"}`,
      ...request.headers.getAll("Via").map((via) => `Via: ${via}`),
      ...request.headers.getAll("Record-Route").map((route) => `Record-Route: ${route}`),
      `From: ${request.headers.get("From")}`,
      `To: ${to.includes(";tag=") ? to : `${to};tag=${options.tag ?? `t${this.localPort}`}`}`,
      `Call-ID: ${request.callId}`,
      `CSeq: ${request.headers.get("CSeq")}`,
      ...(status < 300 ? [`Contact: <${this.contactUri}>`] : []),
      ...(options.headers ?? []),
      `Content-Length: ${Buffer.byteLength(body)}`,
    ];
    this.sendText(`${lines.join("\r\n")}\r\n\r\n${body}`, request.topVia.port);
  }

  /** REGISTER with digest; the final response. */
  register(
    options: {
      headers?: readonly string[];
      contact?: boolean;
      callId?: string;
      cseq?: number;
      to?: string;
      uri?: string;
    } = {},
    algorithm = "SHA-256",
  ): Promise<SipResponse> {
    const { uri, ...rest } = options;
    return this.call(
      {
        method: "REGISTER",
        uri: uri ?? `sip:${this.account.domain}`,
        to: `<${this.aor}>`,
        ...rest,
      },
      algorithm,
    );
  }

  async close(): Promise<void> {
    if ("write" in this.#socket) {
      this.#socket.destroy();
      return;
    }
    const closed = once(this.#socket, "close");
    this.#socket.close();
    await closed;
  }

  #take(message: SipMessage): void {
    this.received.push(message);
    for (const wake of this.#waiting) wake();
  }

  #nextArrival(timeoutMilliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const wake = (): void => {
        this.#waiting.delete(wake);
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(wake, timeoutMilliseconds);
      this.#waiting.add(wake);
    });
  }
}

function describe(message: SipMessage): string {
  return message instanceof SipResponse
    ? `${message.status} to ${message.cseq.method}`
    : message.method;
}
