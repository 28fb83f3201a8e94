import { setImmediate } from "node:timers/promises";
import { stringify } from "csv-stringify/sync";
import { Type } from "typebox";
import { type GeneratedCode, generateCodes } from "../domain/generate-codes.ts";
import { formatMacAddress, type MacAddress, readMacAddress } from "../domain/mac-address.ts";
import type { AdminApp } from "./admin-dependencies.ts";
import { plainCell } from "./csv-cell.ts";
import type { DevicesDependencies } from "./devices-routes.ts";
import { ProblemError } from "./problem.ts";
import { problems } from "./problem-schema.ts";
import { formatTime, macAddressInput, macAddressSchema, timeSchema } from "./schema-parts.ts";

/** Devices that one call can name. */
export const mostNamedDevices = 10_000;

const requestSchema = Type.Object(
  {
    macAddresses: Type.Optional(
      Type.Array(macAddressInput, { minItems: 1, maxItems: mostNamedDevices }),
    ),
    all: Type.Optional(
      Type.Literal(true, { description: "Every device that waits on activation." }),
    ),
  },
  { additionalProperties: false, description: "One of macAddresses and all." },
);

const resultSchema = Type.Object(
  {
    items: Type.Array(
      Type.Object({
        macAddress: macAddressSchema,
        location: Type.String(),
        code: Type.String({ pattern: "^[0-9]{6}$" }),
        expiresAt: timeSchema,
      }),
    ),
    refused: Type.Array(Type.Object({ macAddress: macAddressSchema, reason: Type.String() }), {
      description: "Devices that got no code, and why; the others got theirs.",
    }),
  },
  { description: "The codes that were made." },
);

/** Making verification codes, and exporting those that can be used. */
export function addCodesRoutes(app: AdminApp, dependencies: DevicesDependencies): void {
  addGenerateRoute(app, dependencies);
  addExportRoute(app, dependencies);
}

function addGenerateRoute(app: AdminApp, { stores, clock, tenant }: DevicesDependencies): void {
  app.post(
    "/verification-codes",
    {
      config: { role: "technician" },
      schema: {
        operationId: "generateVerificationCodes",
        summary: "Makes verification codes; a new code ends the device's old one",
        tags: ["verification codes"],
        body: requestSchema,
        response: { 200: resultSchema, ...problems(400, 404, 409, 413, 415) },
      },
    },
    async (request) => {
      const wanted = readWanted(request.body);
      const { items, refused } = await generateCodes(
        { ...stores, clock },
        tenant.id,
        wanted,
        request.administrator.name,
      );
      const [onlyRefusal] = refused;
      if (wanted !== "all" && wanted.length === 1 && onlyRefusal !== undefined) {
        const status = onlyRefusal.kind === "unknown" ? 404 : 409;
        throw new ProblemError(status, onlyRefusal.reason);
      }
      return {
        items: items.map(presentCode),
        refused: refused.map(({ macAddress, reason }) => ({
          macAddress: formatMacAddress(macAddress),
          reason,
        })),
      };
    },
  );
}

function readWanted(body: {
  readonly macAddresses?: readonly string[];
  readonly all?: true;
}): readonly MacAddress[] | "all" {
  const { macAddresses, all } = body;
  if ((macAddresses === undefined) === (all === undefined)) {
    const detail = "Give either macAddresses or all.";
    throw new ProblemError(400, detail, { errors: { macAddresses: detail } });
  }
  if (macAddresses === undefined) return "all";
  const errors: Record<string, string> = {};
  const read = macAddresses.flatMap((text, index) => {
    const reading = readMacAddress(text);
    if (reading.ok) return [reading.macAddress];
    errors[`macAddresses.${index}`] = reading.reason;
    return [];
  });
  if (read.length === macAddresses.length) return [...new Set(read)];
  const faults = Object.keys(errors).length;
  throw new ProblemError(400, `${faults} of the MAC addresses cannot be read; no code was made.`, {
    errors,
  });
}

function presentCode({ device, code }: GeneratedCode) {
  return {
    macAddress: formatMacAddress(device.macAddress),
    location: device.location,
    code: code.code,
    expiresAt: formatTime(code.expiresAtMilliseconds),
  };
}

const devicesAtOnce = 200;

function addExportRoute(app: AdminApp, dependencies: DevicesDependencies): void {
  app.get(
    "/verification-codes/export.csv",
    {
      schema: {
        operationId: "exportVerificationCodes",
        summary: "All codes that can still be used, as CSV",
        tags: ["verification codes"],
        response: {
          200: {
            description: "MAC id,Location,Verification code,Expires",
            content: { "text/csv": { schema: Type.String() } },
          },
          ...problems(),
        },
      },
    },
    async (_request, reply) =>
      reply
        .type("text/csv; charset=utf-8")
        .header("content-disposition", 'attachment; filename="verification-codes.csv"')
        .header("cache-control", "no-store")
        .send(await exportCodes(dependencies)),
  );
}

async function exportCodes({ stores, clock, tenant }: DevicesDependencies): Promise<string> {
  const codes = await stores.codes.listUsable(tenant.id, clock.nowMilliseconds());
  const parts = [csvLines([["MAC id", "Location", "Verification code", "Expires"]])];
  for (let start = 0; start < codes.length; start += devicesAtOnce) {
    const batch = codes.slice(start, start + devicesAtOnce);
    const devices = await Promise.all(
      batch.map(({ macAddress }) => stores.devices.find(tenant.id, macAddress)),
    );
    const rows = batch.map((code, index) => [
      formatMacAddress(code.macAddress),
      devices[index]?.value.location ?? "",
      code.code,
      formatTime(code.expiresAtMilliseconds),
    ]);
    parts.push(csvLines(rows));
    // Phones get their turn between two batches, also where the store answers at once.
    await setImmediate();
  }
  return parts.join("");
}

function csvLines(rows: readonly (readonly string[])[]): string {
  return stringify(
    rows.map((row) => row.map(plainCell)),
    { record_delimiter: "windows" },
  );
}
