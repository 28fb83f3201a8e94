import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type { FastifyInstance } from "fastify";
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
const body = Type.Object({
  macAddress: Type.String({ minLength: 12, maxLength: 32 }),
  verificationCode: Type.String({ minLength: 1, maxLength: 16 }),
});

/** Adds `POST /activation`, with errors as problem documents (RFC 9457). */
export function registerActivation(app: FastifyInstance, handler: ActivationHandler): void {
  app.setErrorHandler((error, _request, reply) => {
    const status = errorStatus(error);
    const detail = status < 500 && error instanceof Error ? error.message : undefined;
    const title = status < 500 ? "Bad request" : "Internal error";
    return reply
      .code(status)
      .type("application/problem+json")
      .send({ type: "about:blank", title, status, detail });
  });
  app.route({
    method: ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"],
    url: "/activation",
    handler: (_request, reply) => {
      reply.code(405).header("allow", "POST").type("application/problem+json");
      return reply.send({ type: "about:blank", title: "Method not allowed", status: 405 });
    },
  });
  app.withTypeProvider<TypeBoxTypeProvider>().route({
    method: "POST",
    url: "/activation",
    schema: { body },
    bodyLimit: 1024,
    handler: async (request, reply) => {
      const macAddress = parseMac(request.body.macAddress);
      if (macAddress === undefined) {
        const detail = "macAddress is not 12 hex digits, with or without colons";
        reply.code(400).type("application/problem+json");
        return { type: "about:blank", title: "Bad request", status: 400, detail };
      }
      const { verificationCode } = request.body;
      const result = await handler({ macAddress, verificationCode, address: request.ip });
      if (result.status === 200) return { tenantName: result.tenantName };
      const { status, reason, retryAfterSeconds } = result;
      if (retryAfterSeconds !== undefined) reply.header("retry-after", retryAfterSeconds);
      reply.code(status).type("application/problem+json");
      return { type: "about:blank", title: titles[status], status, detail: reason };
    },
  });
}
