import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type AdminFixture, startAdminFixture } from "./admin-fixture.ts";
import { listRoutes, openRoutes } from "./served-routes.ts";

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly security?: readonly object[];
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: { readonly content: Record<string, unknown> };
  readonly responses: Record<string, { readonly description: string; readonly content?: object }>;
}

interface Document {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, unknown> };
}

let fixture: AdminFixture;
let document: Document;
let routes: string[];

beforeAll(async () => {
  fixture = await startAdminFixture();
  document = (await fixture.call({ url: "/api/v1/openapi.json" })).json;
  routes = listRoutes(fixture);
});
afterAll(() => fixture.stop());

function operations(): [string, Operation][] {
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]): [string, Operation] => [
      `${method.toUpperCase()} ${path}`,
      operation,
    ]),
  );
}

describe("the OpenAPI document", () => {
  test("is version 3.1 and lists every route that is served, and no other", () => {
    expect(document.openapi).toMatch(/^3\.1\./);
    expect(
      operations()
        .map(([name]) => name)
        .sort(),
    ).toEqual(routes);
    expect(routes.length).toBeGreaterThan(35);
  });

  test("every operation has an id of its own, a summary and described answers", () => {
    const ids = operations().map(([, operation]) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [name, operation] of operations()) {
      expect(operation.summary, name).toMatch(/^[A-Z]/);
      for (const [status, response] of Object.entries(operation.responses)) {
        expect(response.description, `${name} ${status}`).toMatch(/^(?!Default)/);
      }
    }
  });

  test("everything but health and signing in needs a token or session and says 401 and 403, as a problem", () => {
    for (const [name, operation] of operations()) {
      const isOpen = openRoutes.includes(name);
      expect(operation.security ?? "the document's", name).toEqual(isOpen ? [] : "the document's");
      if (isOpen) continue;
      for (const status of ["401", "403", "429", "500", "503"]) {
        const content = operation.responses[status]?.content;
        expect(Object.keys(content ?? {}), `${name} ${status}`).toEqual([
          "application/problem+json",
        ]);
      }
    }
    expect(document).toMatchObject({
      security: [{ administratorToken: [] }, { administratorSession: [] }],
      components: {
        securitySchemes: {
          administratorToken: { type: "http", scheme: "bearer" },
          administratorSession: { type: "apiKey", in: "cookie", name: "sip-gateway-session" },
        },
      },
    });
  });

  test("every reference leads somewhere, and every path parameter is described", () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)];
    expect(references.length).toBeGreaterThan(10);
    for (const [, reference = ""] of references) {
      const name = /^#\/components\/schemas\/(\w+)$/.exec(reference)?.[1] ?? reference;
      expect(Object.keys(document.components.schemas), reference).toContain(name);
    }
    for (const [name, operation] of operations()) {
      for (const [, parameter = ""] of name.matchAll(/\{(\w+)\}/g)) {
        const described = operation.parameters?.filter((item) => item.in === "path") ?? [];
        expect(
          described.map((item) => item.name),
          name,
        ).toContain(parameter);
      }
    }
  });

  test("says what bodies are taken: JSON, and CSV for the import", () => {
    const bodies = Object.fromEntries(
      operations()
        .filter(([, operation]) => operation.requestBody !== undefined)
        .map(([name, operation]) => [name, Object.keys(operation.requestBody?.content ?? {})]),
    );
    expect(bodies).toEqual({
      "POST /api/v1/bulk-sign-in": ["text/csv"],
      "POST /api/v1/session": ["application/json"],
      "POST /api/v1/administrators": ["application/json"],
      "PATCH /api/v1/administrators/{name}": ["application/json"],
      "POST /api/v1/devices": ["application/json"],
      "PATCH /api/v1/devices/{mac}": ["application/json"],
      "POST /api/v1/devices/import": ["text/csv"],
      "POST /api/v1/devices/look-up": ["application/json"],
      "POST /api/v1/verification-codes": ["application/json"],
      "PUT /api/v1/users/{upn}": ["application/json"],
      "PUT /api/v1/calling-policies/{name}": ["application/json"],
      "PUT /api/v1/conditional-access": ["application/json"],
      "PUT /api/v1/sip-devices-configuration": ["application/json"],
      "POST /api/v1/lab/clock/advance": ["application/json"],
      "POST /api/v1/lab/sample-users": ["application/json"],
    });
  });
});
