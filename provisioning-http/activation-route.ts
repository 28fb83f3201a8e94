import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type { FastifyInstance, FastifyReply } from "fastify";
import Type from "typebox";
import { errorStatus } from "./error-status.ts";
import { parseMac } from "./mac-address.ts";

/** A code that was typed on the phone's screen instead of being dialled. */
export interface ActivationRequest {
  /** 12 lower-case hex digits. */
  readonly macAddress: string;
  /** As typed, 1 to 16 characters. */
  readonly verificationCode: string;
  /** Source IP address. */
  readonly address: string;
}

/** How it ended. `reason` goes to the phone. */
export type ActivationResult =
  | { readonly status: 200; readonly tenantName: string }
  | {
      readonly status: 403 | 410 | 429;
      readonly reason: string;
      readonly retryAfterSeconds?: number;
    };

/** Enrolls a phone by its code. A rejection becomes a 500 without detail. */
export type ActivationHandler = (request: ActivationRequest) => Promise<ActivationResult>;

const titles = { 403: "Not activated", 410: "Verification code expired", 429: "Too many attempts" };
const notAMac = "macAddress is not 12 hex digits, with or without colons";
const body = Type.Object({
  macAddress: Type.String({ minLength: 12, maxLength: 32 }),
  verificationCode: Type.String({ minLength: 1, maxLength: 16 }),
});

/** Adds `POST /activation`, with errors as problem documents (RFC 9457). */
export function registerActivation(app: FastifyInstance, handler: ActivationHandler): void {
  app.setErrorHandler((error, request, reply) => {
    const status = errorStatus(error);
    if (status >= 500) request.log.error({ err: error }, "activation failed");
    const detail = status < 500 && error instanceof Error ? error.message : undefined;
    return sendProblem(reply, status, status < 500 ? "Bad request" : "Internal error", detail);
  });
  app.route({
    method: ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"],
    url: "/activation",
    handler: (_request, reply) =>
      sendProblem(reply.header("allow", "POST"), 405, "Method not allowed"),
  });
  app.withTypeProvider<TypeBoxTypeProvider>().route({
    method: "POST",
    url: "/activation",
    schema: { body },
    bodyLimit: 1024,
    handler: async (request, reply) => {
      const macAddress = parseMac(request.body.macAddress);
      if (macAddress === undefined) return sendProblem(reply, 400, "Bad request", notAMac);
      const { verificationCode } = request.body;
      const result = await handler({ macAddress, verificationCode, address: request.ip });
      return sendResult(reply, result);
    },
  });
}

function sendResult(reply: FastifyReply, result: ActivationResult): FastifyReply {
  if (result.status === 200) return reply.send({ tenantName: result.tenantName });
  const { status, reason, retryAfterSeconds } = result;
  if (retryAfterSeconds !== undefined) reply.header("retry-after", retryAfterSeconds);
  return sendProblem(reply, status, titles[status], reason);
}

function sendProblem(
  reply: FastifyReply,
  status: number,
  title: string,
  detail?: string,
): FastifyReply {
  const problem = { type: "about:blank", title, status, detail };
  return reply.code(status).type("application/problem+json").send(problem);
}
