import { STATUS_CODES } from "node:http";
import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { DeviceContentionError } from "../domain/change-device.ts";
import { ImportFileError } from "../domain/csv-records.ts";
import { StoreUnavailableError } from "../domain/stores.ts";

/** What is wrong with each field, by its name. */
export type FieldErrors = Readonly<Record<string, string>>;

/** An answer that is an error (RFC 9457). Everything in it is public. */
export class ProblemError extends Error {
  readonly code = "PROBLEM";
  readonly status: number;
  readonly errors: FieldErrors | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    detail: string,
    more: {
      errors?: FieldErrors;
      headers?: Readonly<Record<string, string>>;
      cause?: unknown;
    } = {},
  ) {
    super(detail, { cause: more.cause });
    this.name = "ProblemError";
    this.status = status;
    this.errors = more.errors;
    this.headers = more.headers ?? {};
  }
}

/** A problem document. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly errors?: FieldErrors;
}

/** The problem that something thrown in a route is told as; the one place that maps faults to HTTP. */
export function problemOf(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error;
  if (error instanceof ImportFileError) {
    return new ProblemError(400, error.message, { errors: { file: error.message } });
  }
  if (error instanceof DeviceContentionError) {
    return new ProblemError(409, error.message, { headers: { "retry-after": "1" } });
  }
  if (error instanceof StoreUnavailableError) {
    return new ProblemError(503, "The storage does not answer; nothing was changed. Try again.", {
      headers: { "retry-after": "5" },
    });
  }
  return isFastifyError(error) ? ofFastify(error) : unexpected();
}

function unexpected(): ProblemError {
  return new ProblemError(500, "Something unexpected went wrong; the gateway's log says what.");
}

const fastifyDetails: Readonly<Record<string, string>> = {
  FST_ERR_CTP_INVALID_MEDIA_TYPE: "This call does not take this Content-Type.",
  FST_ERR_CTP_INVALID_JSON_BODY: "The body is not valid JSON.",
  FST_ERR_CTP_EMPTY_JSON_BODY: "The body is empty; this call needs JSON.",
  FST_ERR_CTP_BODY_TOO_LARGE: "The body is larger than this call takes.",
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: "The body is not as long as Content-Length says.",
};

function ofFastify(error: FastifyError): ProblemError {
  if (error.validation !== undefined) return ofValidation(error);
  const status = error.statusCode ?? 500;
  if (status < 400 || status >= 500) return unexpected();
  return new ProblemError(status, fastifyDetails[error.code] ?? "The request cannot be read.");
}

function ofValidation(error: FastifyError): ProblemError {
  const errors: Record<string, string> = {};
  for (const fault of error.validation ?? []) {
    for (const [field, message] of fieldsOf(fault)) errors[field] ??= message;
  }
  const where = error.validationContext === "querystring" ? "query" : error.validationContext;
  const fields = Object.keys(errors).join(", ");
  return new ProblemError(400, `The ${where ?? "request"} is not as described: ${fields}.`, {
    errors,
  });
}

type Fault = NonNullable<FastifyError["validation"]>[number];

function fieldsOf(fault: Fault): [string, string][] {
  const base = fault.instancePath.slice(1).replaceAll("/", ".");
  const { requiredProperties, additionalProperties } = fault.params as Record<string, unknown>;
  if (Array.isArray(requiredProperties)) {
    return requiredProperties.map((name) => [join(base, name), "This field is needed."]);
  }
  if (Array.isArray(additionalProperties)) {
    return additionalProperties.map((name) => [join(base, name), "There is no such field."]);
  }
  const message = fault.message ?? "is not valid";
  return [[base === "" ? "body" : base, `This ${message.slice(0, 200)}.`]];
}

function join(base: string, name: unknown): string {
  const field = String(name).slice(0, 64);
  return base === "" ? field : `${base}.${field}`;
}

function isFastifyError(error: unknown): error is FastifyError {
  return error instanceof Error && ("statusCode" in error || "validation" in error);
}

/** Answers with a problem document. */
export function sendProblem(reply: FastifyReply, problem: ProblemError): FastifyReply {
  const document: Problem = {
    type: "about:blank",
    title: STATUS_CODES[problem.status] ?? "Error",
    status: problem.status,
    detail: problem.message,
    ...(problem.errors === undefined ? {} : { errors: problem.errors }),
  };
  return reply
    .code(problem.status)
    .headers(problem.headers)
    .type("application/problem+json")
    .send(document);
}

/** What fastify calls for whatever a route throws. Only faults of ours are logged. */
export function handleError(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const problem = problemOf(error);
  if (problem.status >= 500) request.log.error({ err: error }, "an admin API call failed");
  // Fastify would hang up, and a browser that still sends its file would never read the reason.
  if (problem.status === 413) reply.removeHeader("connection");
  sendProblem(reply, problem);
}

/** What fastify calls where there is no such route. */
export function handleNotFound(_request: FastifyRequest, reply: FastifyReply): void {
  sendProblem(reply, new ProblemError(404, "There is nothing at this path for this method."));
}
