import type { SwaggerOptions } from "@fastify/swagger";
import { sessionCookieName } from "./session-cookie.ts";

/** The names of the bearer token and of the session's cookie in the OpenAPI document. */
const bearer = "administratorToken";
const session = "administratorSession";

/** How the OpenAPI document is made of the routes' schemas. */
export function openapiOptions(): SwaggerOptions {
  return {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "SIP Gateway: administrators' API",
        version: "1.0.0",
        description:
          "JSON in camelCase, times as RFC 3339 in UTC, errors as problem documents (RFC 9457). " +
          "Lists are read page by page: give a page's nextCursor as cursor to read the next.",
        license: { name: "Apache-2.0", identifier: "Apache-2.0" },
      },
      servers: [{ url: "/" }],
      security: [{ [bearer]: [] }, { [session]: [] }],
      components: {
        securitySchemes: {
          [bearer]: {
            type: "http",
            scheme: "bearer",
            description:
              "ADMIN_TOKEN, the token that the first start printed, or one that POST /api/v1/administrators told.",
          },
          [session]: {
            type: "apiKey",
            in: "cookie",
            name: sessionCookieName,
            description:
              "As POST /api/v1/session set it. Changes then need its csrfToken in the header X-CSRF-Token, and come from this server's own page.",
          },
        },
      },
    },
    refResolver: {
      buildLocalReference: (schema, _baseUri, _fragment, index) =>
        typeof schema.$id === "string" ? schema.$id : `Schema${index}`,
    },
  };
}
