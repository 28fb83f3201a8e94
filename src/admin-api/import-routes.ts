import { Type } from "typebox";
import { importDevices, importTemplate } from "../domain/import-devices.ts";
import { previewImport } from "../domain/preview-import.ts";
import { mostImportLines } from "../domain/read-import-file.ts";
import type { AdminApp } from "./admin-dependencies.ts";
import { addCsvTemplateRoute } from "./csv-template-route.ts";
import type { DevicesDependencies } from "./devices-routes.ts";
import { problems } from "./problem-schema.ts";
import { macAddressSchema } from "./schema-parts.ts";
import { takeCsvOnly } from "./take-csv-only.ts";

/** Largest file taken, in bytes. */
export const importLimitBytes = 8 * 1024 * 1024;

const resultSchema = Type.Object(
  {
    added: Type.Integer(),
    unchanged: Type.Integer({ description: "Were there already." }),
    rejected: Type.Array(
      Type.Object({
        line: Type.Integer({ description: "Counted from 1, the header included." }),
        value: Type.String(),
        reason: Type.String(),
      }),
    ),
    lines: Type.Optional(
      Type.Array(
        Type.Object({
          line: Type.Integer({ description: "Counted from 1, the header included." }),
          macAddress: macAddressSchema,
          location: Type.String(),
          outcome: Type.Enum(["added", "unchanged"]),
        }),
        { description: "With dryRun only: every line that would be taken." },
      ),
    ),
  },
  { description: "What became of the lines; with dryRun: what would." },
);

/** The template of the file, and its import. */
export function addImportRoutes(app: AdminApp, dependencies: DevicesDependencies): void {
  addCsvTemplateRoute(app, {
    path: "/devices/template.csv",
    operationId: "getImportTemplate",
    summary: "The file to fill in for an import",
    tags: ["devices"],
    fileName: "Template_Provisioning.csv",
    text: importTemplate,
  });
  // In a scope of its own: no other call takes CSV, or so much of it.
  app.register(async (scope) => addImportRoute(scope, dependencies));
}

function addImportRoute(scope: AdminApp, { stores, clock, tenant }: DevicesDependencies): void {
  takeCsvOnly(scope, importLimitBytes);
  scope.post(
    "/devices/import",
    {
      config: { role: "technician" },
      bodyLimit: importLimitBytes,
      schema: {
        operationId: "importDevices",
        summary: `Adds the devices of a CSV file: MAC id,Location; ${mostImportLines} lines and 8 MiB at most`,
        description:
          "Good lines are kept when others are bad. With dryRun the lines are judged and nothing is written.",
        tags: ["devices"],
        consumes: ["text/csv"],
        querystring: Type.Object(
          { dryRun: Type.Optional(Type.Boolean()) },
          { additionalProperties: false },
        ),
        body: Type.String({ examples: ["MAC id,Location\r\n80:5e:c0:aa:bb:cc,Lobby\r\n"] }),
        response: { 200: resultSchema, ...problems(400, 413, 415) },
      },
    },
    async (request) => {
      if (request.query.dryRun === true) {
        const preview = await previewImport(stores, tenant.id, request.body);
        return { ...preview, rejected: [...preview.rejected], lines: [...preview.lines] };
      }
      const dependencies = { ...stores, clock };
      const { name } = request.administrator;
      const result = await importDevices(dependencies, tenant.id, request.body, name);
      return { ...result, rejected: [...result.rejected] };
    },
  );
}
