import { type Static, Type } from "typebox";
import { type Command, commandsKeptPerDevice, doneCommand } from "../domain/command.ts";
import { findCommand, listCommands } from "../domain/find-command.ts";
import { orderSignOut } from "../domain/order-sign-out.ts";
import { queueCommand } from "../domain/queue-command.ts";
import { resetDevice } from "../domain/retire-device.ts";
import type { Stores } from "../domain/stores.ts";
import type { TellPhone } from "../domain/tell-phone.ts";
import type { Tenant } from "../domain/tenant.ts";
import type { TimeSource } from "../domain/time-source.ts";
import type { AdminApp, DeliverCommands } from "./admin-dependencies.ts";
import { noSuchDevice } from "./devices-routes.ts";
import { ProblemError } from "./problem.ts";
import { problems } from "./problem-schema.ts";
import { readMacParameter } from "./read-mac-parameter.ts";
import {
  formatTime,
  formatTimeOrNull,
  macAddressInput,
  macAddressParams,
  nullable,
  pageOf,
  timeSchema,
} from "./schema-parts.ts";

/** What the calls on commands need. */
export interface CommandsDependencies {
  readonly stores: Stores;
  readonly clock: TimeSource;
  readonly tenant: Tenant;
  readonly tellPhone: TellPhone;
  readonly deliver: DeliverCommands;
}

const tags = ["commands"];

const statusSchema = Type.Enum(["queued", "sent", "accepted", "refused", "timed-out"], {
  description: "accepted and refused are the phone's words, timed-out its silence.",
});

const takenSchema = Type.Object(
  { commandId: Type.String({ format: "uuid" }), status: statusSchema },
  { description: "The command was taken." },
);

const commandSchema = Type.Object(
  {
    commandId: Type.String({ format: "uuid" }),
    command: Type.Enum(["restart", "sync", "sign-out", "reset"]),
    status: statusSchema,
    createdAt: timeSchema,
    actor: Type.String({ description: "Who gave it." }),
    sentAt: nullable(timeSchema),
    settledAt: nullable(timeSchema),
    answer: nullable(
      Type.Object({ status: Type.Integer(), reason: Type.String() }),
      "The phone's SIP answer; null without one.",
    ),
  },
  { description: "The command, and what became of it." },
);

const queued = [
  {
    kind: "restart",
    operationId: "restartDevice",
    summary: "Restarts a phone: now, or when it next registers",
  },
  {
    kind: "sync",
    operationId: "syncDevice",
    summary: "Has a phone fetch its configuration: now, or when it next registers",
  },
  {
    kind: "sign-out",
    operationId: "signOutDevice",
    summary: "Signs out who is signed in, be the phone there or away",
  },
] as const;

/** What an administrator can make a device do, and what became of it. */
export function addCommandsRoutes(app: AdminApp, dependencies: CommandsDependencies): void {
  for (const route of queued) addQueuedRoute(app, dependencies, route);
  addResetRoute(app, dependencies);
  addReadRoute(app, dependencies);
  addListRoute(app, dependencies);
}

function addQueuedRoute(
  app: AdminApp,
  { stores, clock, tenant, deliver, tellPhone }: CommandsDependencies,
  { kind, operationId, summary }: (typeof queued)[number],
): void {
  app.post(
    `/devices/:mac/${kind}`,
    {
      schema: {
        operationId,
        summary,
        tags,
        params: macAddressParams,
        response: { 202: takenSchema, ...problems(400, 404, 409) },
      },
    },
    async (request, reply) => {
      const macAddress = readMacParameter(request.params.mac, "mac");
      const needs = { ...stores, clock, deliver, tellPhone };
      const actor = request.administrator.name;
      const result =
        kind === "sign-out"
          ? await orderSignOut(needs, tenant.id, macAddress, actor)
          : await queueCommand(needs, tenant.id, macAddress, kind, actor);
      if (result.outcome === "no-device") throw noSuchDevice();
      if (result.outcome === "not-signed-in") {
        throw new ProblemError(409, `Nobody is signed in: the device is ${result.state}.`);
      }
      return reply.code(202).send(presentTaken(result.command));
    },
  );
}

/** A reset is the gateway's own doing and does not wait for other commands: it is done when answered. */
function addResetRoute(app: AdminApp, dependencies: CommandsDependencies): void {
  const { stores, clock, tenant, tellPhone } = dependencies;
  app.post(
    "/devices/:mac/reset",
    {
      schema: {
        operationId: "resetDevice",
        summary: "Voids every account of a device; it waits on activation again",
        tags,
        params: macAddressParams,
        response: { 202: takenSchema, ...problems(400, 404, 409) },
      },
    },
    async (request, reply) => {
      const macAddress = readMacParameter(request.params.mac, "mac");
      const actor = request.administrator.name;
      const needs = { ...stores, clock };
      const device = await resetDevice(needs, tenant.id, macAddress, actor, tellPhone);
      if (device === undefined) throw noSuchDevice();
      const now = clock.nowMilliseconds();
      const order = { tenantId: tenant.id, macAddress, kind: "reset", actor } as const;
      const command = doneCommand(order, now);
      await stores.commands.append(command);
      return reply.code(202).send(presentTaken(command));
    },
  );
}

function addReadRoute(
  app: AdminApp,
  { stores, clock, tenant, deliver }: CommandsDependencies,
): void {
  app.get(
    "/devices/:mac/commands/:commandId",
    {
      schema: {
        operationId: "getCommand",
        summary: "What became of a command, with the phone's answer",
        tags,
        params: Type.Object({
          mac: macAddressInput,
          commandId: Type.String({ description: "As the command's answer named it." }),
        }),
        response: { 200: commandSchema, ...problems(400, 404) },
      },
    },
    async (request) => {
      const macAddress = readMacParameter(request.params.mac, "mac");
      const id = request.params.commandId.toLowerCase();
      const command = await findCommand({ ...stores, clock, deliver }, tenant.id, macAddress, id);
      if (command === undefined) {
        throw new ProblemError(404, "This device has no such command, or it was long ago.");
      }
      return presentCommand(command);
    },
  );
}

function addListRoute(
  app: AdminApp,
  { stores, clock, tenant, deliver }: CommandsDependencies,
): void {
  app.get(
    "/devices/:mac/commands",
    {
      schema: {
        operationId: "listCommands",
        summary: `A device's last ${commandsKeptPerDevice} commands, newest first, with the phone's answers`,
        tags,
        params: macAddressParams,
        response: { 200: pageOf(commandSchema), ...problems(400, 404) },
      },
    },
    async (request) => {
      const macAddress = readMacParameter(request.params.mac, "mac");
      const commands = await listCommands({ ...stores, clock, deliver }, tenant.id, macAddress);
      if (commands.length === 0) {
        const device = await stores.devices.find(tenant.id, macAddress);
        if (device === undefined) throw noSuchDevice();
      }
      return { items: commands.map(presentCommand), nextCursor: null };
    },
  );
}

function presentTaken({ id, status }: Command): Static<typeof takenSchema> {
  return { commandId: id, status };
}

function presentCommand(command: Command): Static<typeof commandSchema> {
  return {
    ...presentTaken(command),
    command: command.kind,
    createdAt: formatTime(command.createdAtMilliseconds),
    actor: command.actor,
    sentAt: formatTimeOrNull(command.sentAtMilliseconds),
    settledAt: formatTimeOrNull(command.settledAtMilliseconds),
    answer: command.answer,
  };
}
