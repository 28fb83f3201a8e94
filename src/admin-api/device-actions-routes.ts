import { randomUUID } from "node:crypto";
import { Type } from "typebox";
import { resetDevice } from "../domain/retire-device.ts";
import { type AdminApp, administratorActor } from "./admin-dependencies.ts";
import { type DevicesDependencies, noSuchDevice } from "./devices-routes.ts";
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

const commandSchema = Type.Object(
  {
    commandId: Type.String({ format: "uuid" }),
    status: Type.Literal("accepted", { description: "It has been done." }),
  },
  { description: "The command was taken." },
);

const historySchema = Type.Object({
  at: timeSchema,
  kind: Type.String({ examples: ["enrolled"] }),
  text: Type.String(),
  actor: Type.String({ description: "Who did it: an administrator, or `phone`." }),
});

/** Resetting a device, and reading its history. */
export function addDeviceActionsRoutes(app: AdminApp, dependencies: DevicesDependencies): void {
  addResetRoute(app, dependencies);
  addHistoryRoute(app, dependencies);
}

function addResetRoute(app: AdminApp, { stores, clock, tenant }: DevicesDependencies): void {
  app.post(
    "/devices/:mac/reset",
    {
      schema: {
        operationId: "resetDevice",
        summary: "Voids every account of a device; it waits on activation again",
        tags: ["devices"],
        params: macAddressParams,
        response: { 202: commandSchema, ...problems(400, 404, 409) },
      },
    },
    async (request, reply) => {
      const macAddress = readMacParameter(request.params.mac, "mac");
      const dependencies = { ...stores, clock };
      const device = await resetDevice(dependencies, tenant.id, macAddress, administratorActor);
      if (device === undefined) throw noSuchDevice();
      return reply.code(202).send({ commandId: randomUUID(), status: "accepted" });
    },
  );
}

function addHistoryRoute(app: AdminApp, { stores, tenant }: DevicesDependencies): void {
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
