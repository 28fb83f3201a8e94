import { Type } from "typebox";
import type { Binding } from "../domain/binding.ts";
import { formatMacAddress } from "../domain/mac-address.ts";
import type { AdminApp } from "./admin-dependencies.ts";
import type { DevicesDependencies } from "./devices-routes.ts";
import { requireCursor } from "./page-cursor.ts";
import { problems } from "./problem-schema.ts";
import { readMacParameter } from "./read-mac-parameter.ts";
import {
  formatTime,
  macAddressInput,
  macAddressSchema,
  nullable,
  pageLimits,
  pageOf,
  pageQuery,
  timeSchema,
} from "./schema-parts.ts";

const registrationSchema = Type.Object({
  aor: Type.String({ examples: ["sip:+14255550100@contoso.example"] }),
  contact: Type.String(),
  macAddress: nullable(macAddressSchema),
  source: Type.String({ description: "Address and port that it came from." }),
  transport: Type.String(),
  userAgent: Type.String(),
  node: Type.String({ description: "The gateway node that holds the flow." }),
  instanceId: nullable(Type.String()),
  callId: Type.String(),
  q: Type.Number(),
  registeredAt: timeSchema,
  refreshedAt: timeSchema,
  expiresAt: timeSchema,
});

/** `GET /registrations`. */
export function addRegistrationsRoutes(
  app: AdminApp,
  { stores, clock, tenant }: DevicesDependencies,
): void {
  app.get(
    "/registrations",
    {
      schema: {
        operationId: "listRegistrations",
        summary: "Live bindings, in the order of AORs",
        tags: ["registrations"],
        querystring: Type.Object(
          {
            aor: Type.Optional(Type.String({ maxLength: 256 })),
            mac: Type.Optional(macAddressInput),
            ...pageQuery,
          },
          { additionalProperties: false },
        ),
        response: { 200: pageOf(registrationSchema), ...problems(400) },
      },
    },
    async (request) => {
      const { mac, ...query } = request.query;
      requireCursor("registrations", query.cursor);
      const page = await stores.bindings.list(tenant.id, {
        limit: pageLimits.usual,
        ...query,
        ...(mac === undefined ? {} : { macAddress: readMacParameter(mac, "mac") }),
        nowMilliseconds: clock.nowMilliseconds(),
      });
      return { items: page.items.map(presentBinding), nextCursor: page.nextCursor };
    },
  );
}

function presentBinding(binding: Binding) {
  const { remoteAddress, remotePort, transport } = binding.flow;
  const host = remoteAddress.includes(":") ? `[${remoteAddress}]` : remoteAddress;
  return {
    aor: binding.aor,
    contact: binding.contact,
    macAddress: binding.macAddress === null ? null : formatMacAddress(binding.macAddress),
    source: `${host}:${remotePort}`,
    transport,
    userAgent: binding.userAgent,
    node: binding.nodeId,
    instanceId: binding.instanceId,
    callId: binding.callId,
    q: binding.q,
    registeredAt: formatTime(binding.registeredAtMilliseconds),
    refreshedAt: formatTime(binding.refreshedAtMilliseconds),
    expiresAt: formatTime(binding.expiresAtMilliseconds),
  };
}
