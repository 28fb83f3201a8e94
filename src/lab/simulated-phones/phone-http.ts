import { lookup as systemLookup } from "node:dns";
import { request as httpRequest, type IncomingMessage, type RequestOptions } from "node:http";
import { request as httpsRequest } from "node:https";
import { maskProvisioningUrl } from "../../../provisioning-http/provisioning-path.ts";
import type { Clock } from "../../../sip/clock.ts";
import { ConfigurationError } from "./phone-settings.ts";

/** What a server answered. */
export interface HttpReply {
  readonly status: number;
  /** Empty where it was not wanted. */
  readonly body: string;
  /** Of a redirect. */
  readonly location: string | undefined;
  /** Where the page leads by itself, after a while: the URL of a Refresh header. */
  readonly refreshUrl: string | undefined;
  readonly retryAfterSeconds: number | undefined;
}

type HttpMethod = "GET" | "PUT" | "POST";

/** One request that a phone made; `path` holds no secret. */
export interface HttpExchange {
  readonly method: HttpMethod;
  readonly path: string;
  readonly status: number;
}

interface HttpQuestion {
  readonly method: HttpMethod;
  readonly url: URL;
  readonly userAgent: string;
  readonly body: string;
  /** Whether the reply's body is read: a firmware image is not. */
  readonly reads: boolean;
}

const replyMilliseconds = 20_000;
const mostBodyBytes = 1024 * 1024;
const mostRedirects = 5;
/** A busy server is asked again so often, never later than a minute: who simulates does not wait for hours. */
const mostRepeats = 4;
const mostRetryAfterSeconds = 61;

/** The HTTP side of a phone: one connection a request, its own User-Agent, nothing that phones do not send. */
export class PhoneHttp {
  readonly #clock: Clock;
  readonly #onExchange: (exchange: HttpExchange) => void;

  constructor(options: { clock: Clock; onExchange: (exchange: HttpExchange) => void }) {
    this.#clock = options.clock;
    this.#onExchange = options.onExchange;
  }

  /** The reply to a GET, redirects (301, 302) followed. @throws ConfigurationError when no reply comes */
  async get(url: string, userAgent: string, options: { reads?: boolean } = {}): Promise<HttpReply> {
    let target = new URL(url);
    for (let redirects = 0; redirects <= mostRedirects; redirects++) {
      const reads = options.reads ?? true;
      const reply = await this.#ask({ method: "GET", url: target, userAgent, body: "", reads });
      if ((reply.status !== 301 && reply.status !== 302) || reply.location === undefined)
        return reply;
      target = new URL(reply.location, target);
    }
    throw new ConfigurationError(`GET ${maskProvisioningUrl(target.pathname)} redirects for ever.`);
  }

  /** The text of a file that must be there. @throws ConfigurationError for any status but 200 */
  async getText(url: string, userAgent: string): Promise<string> {
    const { status, body } = await this.get(url, userAgent);
    if (status === 200) return body;
    const path = maskProvisioningUrl(new URL(url).pathname);
    throw new ConfigurationError(`GET ${path} was answered ${status}: ${firstLine(body)}`);
  }

  /** Puts a small text, a log as a rule. @throws ConfigurationError when no reply comes */
  put(url: string, userAgent: string, body: string): Promise<HttpReply> {
    return this.#ask({ method: "PUT", url: new URL(url), userAgent, body, reads: true });
  }

  /** Sends a form. @throws ConfigurationError when no reply comes */
  post(url: string, userAgent: string, values: Readonly<Record<string, string>>) {
    const body = new URLSearchParams(values).toString();
    return this.#ask({ method: "POST", url: new URL(url), userAgent, body, reads: true });
  }

  async #ask(question: HttpQuestion): Promise<HttpReply> {
    for (let repeats = 0; ; repeats++) {
      const reply = await this.#askOnce(question);
      const { method, url } = question;
      const path = maskProvisioningUrl(url.pathname);
      this.#onExchange({ method, path, status: reply.status });
      const busy = reply.status === 429 || reply.status === 503;
      if (!busy || repeats === mostRepeats) return reply;
      await this.#wait(Math.min(reply.retryAfterSeconds ?? 2 ** repeats, mostRetryAfterSeconds));
    }
  }

  #askOnce(question: HttpQuestion): Promise<HttpReply> {
    const { method, url, userAgent, body, reads } = question;
    const { promise, resolve, reject } = Promise.withResolvers<HttpReply>();
    const send = url.protocol === "https:" ? httpsRequest : httpRequest;
    const headers = {
      "User-Agent": userAgent,
      Accept: "*/*",
      ...(method === "GET" ? {} : { "Content-Length": Buffer.byteLength(body) }),
      ...(method === "POST" ? { "Content-Type": "application/x-www-form-urlencoded" } : {}),
    };
    const options: RequestOptions = { method, headers, agent: false, lookup: lookupLikeBrowsers };
    const request = send(url, options, (message) => {
      const answer = describe(message);
      if (!reads) {
        resolve({ ...answer, body: "" });
        request.destroy();
        return;
      }
      readBody(message).then((text) => resolve({ ...answer, body: text }), reject);
    });
    const deadline = this.#clock.schedule(replyMilliseconds, () =>
      request.destroy(new Error(`no answer within ${replyMilliseconds / 1000} s`)),
    );
    request.on("error", reject);
    request.end(body);
    return promise
      .catch((error: Error) => {
        const where = `${method} ${url.host}${maskProvisioningUrl(url.pathname)}`;
        throw new ConfigurationError(`${where} failed: ${error.message}`, { cause: error });
      })
      .finally(() => deadline.cancel());
  }

  #wait(seconds: number): Promise<void> {
    return new Promise((resolve) => void this.#clock.schedule(seconds * 1000, resolve));
  }
}

function describe(message: IncomingMessage): Omit<HttpReply, "body"> {
  const retryAfter = message.headers["retry-after"] ?? "";
  return {
    status: message.statusCode ?? 0,
    location: message.headers.location,
    refreshUrl: /^\d+; *url=(.+)$/i.exec(String(message.headers.refresh ?? ""))?.[1],
    retryAfterSeconds: /^\d{1,6}$/.test(retryAfter) ? Number(retryAfter) : undefined,
  };
}

async function readBody(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > mostBodyBytes) throw new Error(`the file is larger than ${mostBodyBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

function firstLine(text: string): string {
  return (text.split(/\r?\n/, 1)[0] ?? "").slice(0, 200);
}

/** `emea.localhost` is this machine (RFC 6761 §6.3), also where the system's resolver does not say so. */
const lookupLikeBrowsers: NonNullable<RequestOptions["lookup"]> = (name, options, callback) => {
  const known = name.endsWith(".localhost") ? "127.0.0.1" : name;
  systemLookup(known, options, callback);
};
