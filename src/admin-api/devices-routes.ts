import { Type } from "typebox";
import { addDevice, longestLocation, readLocation } from "../domain/add-device.ts";
import { changeDevice } from "../domain/change-device.ts";
import { deviceStates } from "../domain/device.ts";
import type { MacAddress } from "../domain/mac-address.ts";
import { recordDeviceEvent } from "../domain/record-device-event.ts";
import { deleteDevice } from "../domain/retire-device.ts";
import type { Stores } from "../domain/stores.ts";
import type { Tenant } from "../domain/tenant.ts";
import type { TimeSource } from "../domain/time-source.ts";
import type { AdminApp } from "./admin-dependencies.ts";
import { presentDevice, presentDevices } from "./device-representation.ts";
import { deviceReference } from "./device-schema.ts";
import { requireCursor } from "./page-cursor.ts";
import { ProblemError } from "./problem.ts";
import { problems } from "./problem-schema.ts";
import { readMacParameter } from "./read-mac-parameter.ts";
import {
  macAddressInput,
  macAddressParams,
  pageLimits,
  pageOf,
  pageQuery,
} from "./schema-parts.ts";

/** What the devices' calls need. */
export interface DevicesDependencies {
  readonly stores: Stores;
  readonly clock: TimeSource;
  readonly tenant: Tenant;
}

const tags = ["devices"];

const locationInput = Type.String({
  description: `Where it stands, for the technician; ${longestLocation} characters at most, no line breaks.`,
});

/** Adding, listing, reading, changing and deleting devices. */
export function addDevicesRoutes(app: AdminApp, dependencies: DevicesDependencies): void {
  addCreateRoute(app, dependencies);
  addListRoute(app, dependencies);
  addReadRoute(app, dependencies);
  addChangeRoute(app, dependencies);
  addDeleteRoute(app, dependencies);
}

function addCreateRoute(app: AdminApp, dependencies: DevicesDependencies): void {
  const { stores, clock, tenant } = dependencies;
  app.post(
    "/devices",
    {
      config: { role: "technician" },
      schema: {
        operationId: "addDevice",
        summary: "Adds a device; it then waits on activation",
        tags,
        body: Type.Object(
          { macAddress: macAddressInput, location: Type.Optional(locationInput) },
          { additionalProperties: false },
        ),
        response: { 201: deviceReference, ...problems(400, 409, 413, 415) },
      },
    },
    async (request, reply) => {
      const { macAddress, location = "" } = request.body;
      const entry = { macAddress, location };
      const { name } = request.administrator;
      const result = await addDevice({ ...stores, clock }, tenant.id, entry, name);
      if (result.outcome === "invalid") {
        const { field, reason } = result;
        throw new ProblemError(400, reason, { errors: { [field]: reason } });
      }
      if (result.outcome === "exists") {
        const detail = "A device with this MAC address has been added already.";
        throw new ProblemError(409, detail, { errors: { macAddress: detail } });
      }
      const device = await presentDevice(dependencies, result.device);
      return reply
        .code(201)
        .header("location", `/api/v1/devices/${device.macAddress}`)
        .send(device);
    },
  );
}

function addListRoute(app: AdminApp, dependencies: DevicesDependencies): void {
  const { stores, clock, tenant } = dependencies;
  app.get(
    "/devices",
    {
      schema: {
        operationId: "listDevices",
        summary: "The inventory, in the order of MAC addresses",
        tags,
        querystring: Type.Object(
          {
            state: Type.Optional(Type.Enum([...deviceStates])),
            online: Type.Optional(Type.Boolean()),
            search: Type.Optional(
              Type.String({
                maxLength: 100,
                description: "Part of MAC address, location, vendor, model, user or address.",
              }),
            ),
            ...pageQuery,
          },
          { additionalProperties: false },
        ),
        response: { 200: pageOf(deviceReference), ...problems(400) },
      },
      // A serializer made of the schema tries each alternative of each nullable field: it takes
      // longer than all else about a page of 1,000, whose form the compiler has checked.
      serializerCompiler: () => (page) => JSON.stringify(page),
    },
    async (request) => {
      requireCursor("devices", request.query.cursor);
      const page = await stores.devices.list(tenant.id, {
        limit: pageLimits.usual,
        ...request.query,
        nowMilliseconds: clock.nowMilliseconds(),
      });
      return {
        items: await presentDevices(dependencies, page.items),
        nextCursor: page.nextCursor,
      };
    },
  );
}

function addReadRoute(app: AdminApp, dependencies: DevicesDependencies): void {
  const { stores, tenant } = dependencies;
  app.get(
    "/devices/:mac",
    {
      schema: {
        operationId: "getDevice",
        summary: "One device",
        tags,
        params: macAddressParams,
        response: { 200: deviceReference, ...problems(400, 404) },
      },
    },
    async (request) => {
      const macAddress = readMacParameter(request.params.mac, "mac");
      const found = await stores.devices.find(tenant.id, macAddress);
      if (found === undefined) throw noSuchDevice();
      return presentDevice(dependencies, found.value);
    },
  );
}

function addChangeRoute(app: AdminApp, dependencies: DevicesDependencies): void {
  app.patch(
    "/devices/:mac",
    {
      config: { role: "technician" },
      schema: {
        operationId: "changeDevice",
        summary: "Changes where a device stands",
        tags,
        params: macAddressParams,
        body: Type.Object({ location: locationInput }, { additionalProperties: false }),
        response: { 200: deviceReference, ...problems(400, 404, 409, 413, 415) },
      },
    },
    async (request) => {
      const macAddress = readMacParameter(request.params.mac, "mac");
      const location = readLocation(request.body.location);
      if (!location.ok) {
        throw new ProblemError(400, location.reason, { errors: { location: location.reason } });
      }
      return moveDevice(dependencies, macAddress, location.text, request.administrator.name);
    },
  );
}

async function moveDevice(
  dependencies: DevicesDependencies,
  macAddress: MacAddress,
  location: string,
  actor: string,
) {
  const { stores, clock, tenant } = dependencies;
  let moved = false;
  const device = await changeDevice(stores.devices, tenant.id, macAddress, (current) => {
    moved = current.location !== location;
    return moved ? { ...current, location } : undefined;
  });
  if (device === undefined) throw noSuchDevice();
  if (moved) {
    await recordDeviceEvent(
      { ...stores, clock },
      {
        tenantId: tenant.id,
        macAddress,
        kind: "changed",
        text: location === "" ? "Location removed." : `Location: ${location}.`,
        actor,
      },
    );
  }
  return presentDevice(dependencies, device);
}

function addDeleteRoute(app: AdminApp, { stores, clock, tenant }: DevicesDependencies): void {
  app.delete(
    "/devices/:mac",
    {
      schema: {
        operationId: "deleteDevice",
        summary: "Takes a device out; its accounts and registrations end",
        tags,
        params: macAddressParams,
        response: { 204: Type.Null({ description: "It is gone." }), ...problems(400, 404) },
      },
    },
    async (request, reply) => {
      const macAddress = readMacParameter(request.params.mac, "mac");
      const removed = await deleteDevice(
        { ...stores, clock },
        tenant.id,
        macAddress,
        request.administrator.name,
      );
      if (!removed) throw noSuchDevice();
      return reply.code(204).send(null);
    },
  );
}

/** The 404 of every call on a device. */
export function noSuchDevice(): ProblemError {
  return new ProblemError(404, "There is no device with this MAC address.");
}
