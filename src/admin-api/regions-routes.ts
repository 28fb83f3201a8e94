import { isIPv6 } from "node:net";
import { Type } from "typebox";
import { regionIds, regionName } from "../domain/region.ts";
import type { AdminApp, PhoneSideAddress } from "./admin-dependencies.ts";
import { problems } from "./problem-schema.ts";

const regionSchema = Type.Object({
  id: Type.Enum([...regionIds]),
  name: Type.String(),
  provisioningUrl: Type.String({
    format: "uri",
    description: "What a phone of the region is pointed at.",
    examples: ["http://192.0.2.10:8080/emea/"],
  }),
  sipHost: Type.String(),
  sipPort: Type.Integer(),
});

/** `GET /regions`. */
export function addRegionsRoutes(
  app: AdminApp,
  { phoneSide }: { readonly phoneSide: () => PhoneSideAddress },
): void {
  app.get(
    "/regions",
    {
      schema: {
        operationId: "listRegions",
        summary: "The regions, and where their phones are pointed",
        tags: ["regions"],
        response: { 200: Type.Array(regionSchema, { description: "All regions." }), ...problems() },
      },
    },
    async () => {
      const { host, sipPort, provisioningPort } = phoneSide();
      const urlHost = isIPv6(host) ? `[${host}]` : host;
      return regionIds.map((id) => ({
        id,
        name: regionName(id),
        provisioningUrl: `http://${urlHost}:${provisioningPort}/${id}/`,
        sipHost: host,
        sipPort,
      }));
    },
  );
}
