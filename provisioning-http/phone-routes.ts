import { STATUS_CODES } from "node:http";
import type { Readable } from "node:stream";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Compatibility, CompatibleDevices } from "./compatible-devices.ts";
import {
  decideReply,
  isFirmwarePath,
  type PhoneInquiry,
  type PhoneReply,
  type ReplySources,
} from "./decide-reply.ts";
import { errorContentRange, errorStatus } from "./error-status.ts";
import { type Identification, identifyPhone } from "./identify-phone.ts";
import type { PhoneDirectory, PhoneRequest } from "./phone-directory.ts";
import { parseProvisioningPath } from "./provisioning-path.ts";
import { publicText } from "./public-text.ts";
import { readOrigin } from "./read-origin.ts";
import { sendText } from "./send-text.ts";

const largestUploadBytes = 1024 * 1024;
const userAgentCharacters = 256;
const reasonCharacters = 300;
/** Told to what no phone would send. */
export const notAUrl = "Not a URL of a phone";
const methods = ["GET", "HEAD", "PUT"] as const;

/** What an upload's body becomes: its size. The content is not kept. */
interface CountedBody {
  readonly bytes: number;
}

/** An upload of more than a mebibyte. */
class UploadTooLargeError extends Error {
  readonly code = "UPLOAD_TOO_LARGE";
  readonly statusCode = 413;
}

/** A request on its way, and what is to be recorded of it. */
interface Exchange {
  readonly inquiry: PhoneInquiry;
  note: string | undefined;
}

type Exchanges = WeakMap<FastifyRequest, Exchange>;

/** Adds the routes that phones use: every path for GET, HEAD and PUT. */
export function registerPhoneRoutes(
  app: FastifyInstance,
  sources: ReplySources,
  devices: CompatibleDevices,
): void {
  const exchanges: Exchanges = new WeakMap();
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", (request: FastifyRequest, payload: Readable) =>
    countBody(payload, Number(request.headers["content-length"] ?? 0)),
  );
  answerErrors(app, exchanges);
  recordRequests(app, exchanges, sources.directory);
  app.route({
    method: [...methods],
    url: "/*",
    onRequest: async (request, reply) => {
      const inquiry = readInquiry(request, sources.regions, devices);
      if (inquiry === undefined) return sendPlain(reply, 400, notAUrl);
      exchanges.set(request, { inquiry, note: undefined });
    },
    handler: async (request, reply) => {
      const exchange = exchanges.get(request);
      if (exchange === undefined) return sendPlain(reply, 400, notAUrl);
      const decided = await decideReply(exchange.inquiry, sources);
      exchange.note = noteOf(decided, exchange.inquiry.request);
      return send(request, reply, decided);
    },
  });
}

function answerErrors(app: FastifyInstance, exchanges: Exchanges): void {
  app.setErrorHandler((error, request, reply) => {
    const status = errorStatus(error);
    if (isHangUp(error)) request.log.debug("a phone hung up before its upload was there");
    else if (status >= 500) request.log.error({ err: error }, "provisioning failed");
    const text = status === 413 ? "Larger than 1 MiB" : (STATUS_CODES[status] ?? "Error");
    const exchange = exchanges.get(request);
    if (exchange !== undefined) exchange.note = text;
    if (status === 413) reply.header("connection", "close");
    const contentRange = errorContentRange(error);
    if (contentRange !== undefined) reply.header("content-range", contentRange);
    return sendPlain(reply, status, text);
  });
}

/** Before the answer goes out, so that an administrator who looks right after it sees the request. */
function recordRequests(
  app: FastifyInstance,
  exchanges: Exchanges,
  directory: PhoneDirectory,
): void {
  app.addHook("onSend", async (request, reply) => {
    const exchange = exchanges.get(request);
    if (exchange?.inquiry.request.phone.mac === undefined) return;
    const outcome = { status: reply.statusCode, note: exchange.note };
    try {
      await directory.record(exchange.inquiry.request, outcome);
    } catch (error) {
      // The phone's file matters more than the note about it.
      request.log.error({ err: error }, "could not record a phone's request");
    }
  });
}

function readInquiry(
  request: FastifyRequest,
  regions: readonly string[],
  devices: CompatibleDevices,
): PhoneInquiry | undefined {
  const origin = readOrigin(request);
  const method = methods.find((known) => known === request.method);
  if (origin === undefined || method === undefined) return undefined;
  const host = request.headers.host ?? "";
  const path = parseProvisioningPath(request.raw.url ?? "", host, regions);
  if (path === undefined) return undefined;
  const userAgent = publicText(request.headers["user-agent"] ?? "", userAgentCharacters);
  const identification = identifyPhone(path.fileName, method, userAgent);
  return {
    path,
    identification,
    baseUrl: `${origin}${path.base}`,
    request: {
      phone: identification.phone,
      compatibility: judge(identification, devices),
      file: isFirmwarePath(path) ? "firmware" : identification.file.file,
      region: path.region,
      language: path.language,
      tenantId: path.tenantId,
      secret: path.secret,
      path: path.masked,
      method,
      userAgent,
      address: request.ip,
    },
  };
}

/** What a phone asks for can tell more of its firmware than its User-Agent does. */
function judge({ phone, file }: Identification, devices: CompatibleDevices): Compatibility {
  return file.file === "foreign" && file.reason !== undefined
    ? { supported: false, reason: file.reason }
    : devices.judge(phone);
}

/** The reply's own note, else why it was refused, else what is wrong with the phone. */
function noteOf(reply: PhoneReply, request: PhoneRequest): string | undefined {
  const { compatibility } = request;
  const refusal = reply.kind === "refused" ? reply.reason : undefined;
  const about = compatibility.supported ? compatibility.note : compatibility.reason;
  const note = reply.note ?? refusal ?? about;
  return note === undefined ? undefined : publicText(note, reasonCharacters);
}

function send(request: FastifyRequest, reply: FastifyReply, decided: PhoneReply): FastifyReply {
  switch (decided.kind) {
    case "text":
      return sendText(request, reply, decided.text, decided.contentType);
    case "firmware":
      return reply.type("application/octet-stream").sendFile(decided.path);
    case "accepted":
      return sendPlain(reply, 200, "");
    case "refused":
      if (decided.status === 405) reply.header("allow", "GET, HEAD");
      return sendPlain(reply, decided.status, decided.reason);
  }
}

/** One short line of plain text, which is all that phones log of an error. */
export function sendPlain(reply: FastifyReply, status: number, text: string): FastifyReply {
  return reply
    .code(status)
    .header("cache-control", "no-store")
    .type("text/plain; charset=utf-8")
    .send(text === "" ? "" : `${publicText(text, reasonCharacters)}\n`);
}

/** The peer closed the connection in the middle of its own request: no fault of ours. */
function isHangUp(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ECONNRESET";
}

async function countBody(payload: Readable, announcedBytes: number): Promise<CountedBody> {
  if (announcedBytes > largestUploadBytes) throw tooLarge();
  let bytes = 0;
  for await (const chunk of payload) {
    bytes += chunk.length;
    if (bytes > largestUploadBytes) throw tooLarge();
  }
  return { bytes };
}

function tooLarge(): UploadTooLargeError {
  return new UploadTooLargeError("upload larger than 1 MiB");
}
