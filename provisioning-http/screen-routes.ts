import { STATUS_CODES } from "node:http";
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import Type from "typebox";
import { errorStatus } from "./error-status.ts";
import type { PhoneDirectory, PhoneRequest } from "./phone-directory.ts";
import type { PageTarget, PageValues, PhonePage } from "./phone-page.ts";
import { notAUrl, sendPlain } from "./phone-routes.ts";
import type { PhoneScreens, ScreenAnswer } from "./phone-screens.ts";
import { pageRenderers } from "./phones/page-renderers.ts";
import { maskProvisioningUrl } from "./provisioning-path.ts";
import { publicText } from "./public-text.ts";
import { readOrigin } from "./read-origin.ts";
import { pageUrl, readScreenPath, type ScreenPath, screenRoute } from "./screen-path.ts";

const largestFormBytes = 1024;
const noSuchPage = "There is no such page";
const methodsOfPages = ["GET", "POST"] as const;

const params = Type.Object({
  secret: Type.String(),
  vendor: Type.String(),
  mac: Type.String(),
  page: Type.String(),
});
const values = Type.Object({
  code: Type.Optional(Type.String({ maxLength: 16 })),
  confirm: Type.Optional(Type.String({ maxLength: 64 })),
  id: Type.Optional(Type.String({ maxLength: 64 })),
});

type Method = (typeof methodsOfPages)[number];

/**
 * Adds the pages that phones show on their screens, below the secret of each. XML browsers of desk
 * phones know GET alone and put what was typed into the query; those that know forms use POST.
 */
export function registerScreens(
  app: FastifyInstance,
  screens: PhoneScreens,
  directory: PhoneDirectory,
): void {
  readForms(app);
  answerErrors(app);
  refuseOtherMethods(app);
  const show = async (request: Asking, reply: FastifyReply, method: Method, given: PageValues) => {
    const origin = readOrigin(request);
    if (origin === undefined) return sendPlain(reply, 400, notAUrl);
    const path = readScreenPath(request.params);
    if (path === undefined) return sendPlain(reply, 404, noSuchPage);
    const answer = await screens.show({ path, values: given, address: request.ip });
    await record(request, method, path, answer, directory);
    if (answer.outcome === "refused") return sendPlain(reply, answer.status, answer.reason);
    return sendPage(reply, answer.page, path, origin);
  };
  const typed = app.withTypeProvider<TypeBoxTypeProvider>();
  typed.get(screenRoute, { schema: { params, querystring: values } }, (request, reply) =>
    show(request, reply, "GET", request.query),
  );
  typed.post(screenRoute, { schema: { params, body: values } }, (request, reply) =>
    show(request, reply, "POST", request.body),
  );
}

/** Forms alone, of a bounded size. */
function readForms(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    "application/x-www-form-urlencoded",
    { parseAs: "string", bodyLimit: largestFormBytes },
    async (_request: FastifyRequest, body: string) => Object.fromEntries(new URLSearchParams(body)),
  );
}

function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler((error, request, reply) => {
    const status = errorStatus(error);
    if (status >= 500) request.log.error({ err: error }, "a phone's page failed");
    if (status === 413) reply.header("connection", "close");
    return sendPlain(reply, status, STATUS_CODES[status] ?? "Error");
  });
}

function refuseOtherMethods(app: FastifyInstance): void {
  app.route({
    method: ["HEAD", "PUT", "DELETE", "PATCH", "OPTIONS"],
    url: screenRoute,
    // Before the body, which is not wanted.
    onRequest: async (_request, reply) => {
      reply.header("allow", methodsOfPages.join(", ")).header("connection", "close");
      return sendPlain(reply, 405, "Method not allowed");
    },
    handler: () => undefined,
  });
}

/** A request for a page, whatever its method. */
type Asking = Pick<FastifyRequest, "headers" | "protocol" | "ip" | "raw" | "log"> & {
  readonly params: Readonly<Record<"secret" | "vendor" | "mac" | "page", string>>;
};

function sendPage(
  reply: FastifyReply,
  page: PhonePage,
  path: ScreenPath,
  origin: string,
): FastifyReply {
  const urlOf = (target: PageTarget) => pageUrl(origin, path, target);
  const { contentType, render } = pageRenderers[path.vendor];
  if (page.kind === "text" && page.refresh !== undefined) {
    const { seconds, target } = page.refresh;
    reply.header("refresh", `${seconds}; url=${urlOf(target)}`);
  }
  return reply
    .code(200)
    .header("cache-control", "no-store")
    .type(contentType)
    .send(render(page, urlOf));
}

/** Before the answer goes out, so that an administrator who looks right after it sees the request. */
async function record(
  request: Asking,
  method: Method,
  { vendor, mac, secret }: ScreenPath,
  answer: ScreenAnswer,
  directory: PhoneDirectory,
): Promise<void> {
  const asked: PhoneRequest = {
    phone: { vendor, mac, model: undefined, firmware: undefined, bootStage: false },
    compatibility: { supported: true },
    file: "page",
    region: undefined,
    language: undefined,
    tenantId: undefined,
    secret,
    path: maskProvisioningUrl(request.raw.url ?? ""),
    method,
    userAgent: publicText(request.headers["user-agent"] ?? "", 256),
    address: request.ip,
  };
  const outcome =
    answer.outcome === "refused"
      ? { status: answer.status, note: answer.reason }
      : { status: 200, note: answer.note };
  try {
    await directory.record(asked, outcome);
  } catch (error) {
    // What stands on the screen matters more than the note about it.
    request.log.error({ err: error }, "could not record a phone's request");
  }
}
