import { Type } from "typebox";
import type { AdminApp } from "./admin-dependencies.ts";
import { problems } from "./problem-schema.ts";

/** A file to be filled in and uploaded. */
export interface CsvTemplate {
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly fileName: string;
  /** Its header line. */
  readonly text: string;
}

/** Adds a GET that gives a template as a file to save. */
export function addCsvTemplateRoute(app: AdminApp, template: CsvTemplate): void {
  const { path, operationId, summary, tags, fileName, text } = template;
  app.get(
    path,
    {
      schema: {
        operationId,
        summary,
        tags: [...tags],
        response: {
          200: {
            description: "A CSV file with the header only.",
            content: { "text/csv": { schema: Type.String() } },
          },
          ...problems(),
        },
      },
    },
    async (_request, reply) =>
      reply
        .type("text/csv; charset=utf-8")
        .header("content-disposition", `attachment; filename="${fileName}"`)
        .send(text),
  );
}
