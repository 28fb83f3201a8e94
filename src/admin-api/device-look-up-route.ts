import { Type } from "typebox";
import type { MacAddress } from "../domain/mac-address.ts";
import type { AdminApp } from "./admin-dependencies.ts";
import { presentDevices } from "./device-representation.ts";
import { deviceReference } from "./device-schema.ts";
import type { DevicesDependencies } from "./devices-routes.ts";
import { problems } from "./problem-schema.ts";
import { readMacParameter } from "./read-mac-parameter.ts";
import { macAddressInput } from "./schema-parts.ts";

/** Devices that can be asked for together. */
const mostAtOnce = 500;

/** `POST /devices/look-up`: many devices by their addresses, for a page that follows what changes. */
export function addDeviceLookUpRoute(app: AdminApp, dependencies: DevicesDependencies): void {
  app.post(
    "/devices/look-up",
    {
      // It writes nothing, though it is a POST.
      config: { role: "reader" },
      schema: {
        operationId: "lookUpDevices",
        summary: "Many devices by their MAC addresses; those that are not there are left out",
        tags: ["devices"],
        body: Type.Object(
          { macAddresses: Type.Array(macAddressInput, { maxItems: mostAtOnce }) },
          { additionalProperties: false },
        ),
        response: {
          200: Type.Object(
            { items: Type.Array(deviceReference) },
            { description: "In the order in which they were asked for." },
          ),
          ...problems(400, 413, 415),
        },
      },
    },
    async (request) => {
      const macAddresses = request.body.macAddresses.map((text) =>
        readMacParameter(text, "macAddresses"),
      );
      const devices = await findAll(dependencies, [...new Set(macAddresses)]);
      return { items: await presentDevices(dependencies, devices) };
    },
  );
}

async function findAll(
  { stores, tenant }: DevicesDependencies,
  macAddresses: readonly MacAddress[],
) {
  const found = macAddresses.map((macAddress) => stores.devices.find(tenant.id, macAddress));
  return (await Promise.all(found)).flatMap((device) =>
    device === undefined ? [] : [device.value],
  );
}
