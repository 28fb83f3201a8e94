import { Type } from "typebox";
import type { AdminApp } from "./admin-dependencies.ts";
import { type DevicesDependencies, noSuchDevice } from "./devices-routes.ts";
import { requireCursor } from "./page-cursor.ts";
import { problems } from "./problem-schema.ts";
import { readMacParameter } from "./read-mac-parameter.ts";
import {
  formatTime,
  macAddressParams,
  pageLimits,
  pageOf,
  pageQuery,
  timeSchema,
} from "./schema-parts.ts";

const historySchema = Type.Object({
  at: timeSchema,
  kind: Type.String({ examples: ["enrolled"] }),
  text: Type.String(),
  actor: Type.String({
    description:
      "Who did it: an administrator, `phone`, `gateway`, or `unknown` where nobody proved who he is.",
  }),
});

/** `GET /devices/{mac}/events`. */
export function addHistoryRoute(app: AdminApp, { stores, tenant }: DevicesDependencies): void {
  app.get(
    "/devices/:mac/events",
    {
      schema: {
        operationId: "listDeviceEvents",
        summary: "A device's history, newest first",
        tags: ["devices"],
        params: macAddressParams,
        querystring: Type.Object(pageQuery, { additionalProperties: false }),
        response: { 200: pageOf(historySchema), ...problems(400, 404) },
      },
    },
    async (request) => {
      const macAddress = readMacParameter(request.params.mac, "mac");
      requireCursor("events", request.query.cursor);
      const page = await stores.history.list(tenant.id, macAddress, {
        limit: pageLimits.usual,
        ...request.query,
      });
      // A deleted device keeps its history; one that never was has none.
      if (
        page.items.length === 0 &&
        (await stores.devices.find(tenant.id, macAddress)) === undefined
      ) {
        throw noSuchDevice();
      }
      return {
        items: page.items.map(({ atMilliseconds, kind, text, actor }) => ({
          at: formatTime(atMilliseconds),
          kind,
          text,
          actor,
        })),
        nextCursor: page.nextCursor,
      };
    },
  );
}
