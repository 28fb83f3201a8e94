import { Type } from "typebox";
import type { AdminApp } from "./admin-dependencies.ts";
import type { DevicesDependencies } from "./devices-routes.ts";
import { problems } from "./problem-schema.ts";

const count = Type.Integer();

const countsSchema = Type.Object(
  {
    total: count,
    byState: Type.Object({
      seen: count,
      "waiting-on-activation": count,
      "waiting-for-sign-in": count,
      "signed-in": count,
      "signed-out": count,
    }),
    online: Type.Integer({ description: "Those with a live registration." }),
    offline: Type.Integer({ description: "The others." }),
  },
  { description: "How many devices there are, none of them read." },
);

/** `GET /devices/counts`. */
export function addDeviceCountsRoute(
  app: AdminApp,
  { stores, clock, tenant }: DevicesDependencies,
): void {
  app.get(
    "/devices/counts",
    {
      schema: {
        operationId: "countDevices",
        summary: "How many devices there are, by state and by presence",
        tags: ["devices"],
        response: { 200: countsSchema, ...problems() },
      },
    },
    async () => {
      const [byState, live] = await Promise.all([
        stores.devices.countByState(tenant.id),
        stores.bindings.countOnlineDevices(tenant.id, clock.nowMilliseconds()),
      ]);
      const total = Object.values(byState).reduce((sum, devices) => sum + devices, 0);
      // The two are read one after the other: a device may have come or gone between.
      const online = Math.min(live, total);
      return { total, byState: { ...byState }, online, offline: total - online };
    },
  );
}
