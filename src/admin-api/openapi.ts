import type { SwaggerOptions } from "@fastify/swagger";

/** The name of the bearer token in the OpenAPI document. */
const bearer = "administratorToken";

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
      security: [{ [bearer]: [] }],
      components: {
        securitySchemes: {
          [bearer]: {
            type: "http",
            scheme: "bearer",
            description: "The token that the first start printed, or ADMIN_TOKEN.",
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
