import { randomUUID } from "node:crypto";
import type { MacAddress } from "./mac-address.ts";
import type { TenantId } from "./tenant.ts";

/** What an administrator can make a device do. */
export type CommandKind = "restart" | "sync" | "sign-out" | "reset";

/** Where a command stands. `accepted` and `refused` are the phone's words, `timed-out` its silence. */
export type CommandStatus = "queued" | "sent" | "accepted" | "refused" | "timed-out";

/** A command and what became of it. */
export interface Command {
  /** A UUID. */
  readonly id: string;
  readonly tenantId: TenantId;
  readonly macAddress: MacAddress;
  readonly kind: CommandKind;
  /** Of a sign-out: whom it is for; whoever is signed in by then stays. Null or absent: whoever it is. */
  readonly upn?: string | null;
  readonly status: CommandStatus;
  readonly createdAtMilliseconds: number;
  readonly sentAtMilliseconds: number | null;
  readonly settledAtMilliseconds: number | null;
  /** What the phone answered to the NOTIFY; null without an answer. */
  readonly answer: { readonly status: number; readonly reason: string } | null;
  readonly actor: string;
}

/** How many commands of a device are remembered; settled ones go first. */
export const commandsKeptPerDevice = 50;

/** Where commands are kept. */
export interface CommandStore {
  append(command: Command): Promise<void>;
  find(tenantId: TenantId, macAddress: MacAddress, id: string): Promise<Command | undefined>;
  /** Those of a device that are remembered, newest first. */
  list(tenantId: TenantId, macAddress: MacAddress): Promise<readonly Command[]>;
  /**
   * Takes the device's oldest queued command to be sent now: it becomes `sent`, in one atomic step,
   * unless another one of the device is `sent` and not settled since `sentAfterMilliseconds`.
   */
  takeNext(
    tenantId: TenantId,
    macAddress: MacAddress,
    nowMilliseconds: number,
    sentAfterMilliseconds: number,
  ): Promise<Command | undefined>;
  /**
   * Puts those commands of a device back into the queue, each in its place, that are `sent` since
   * before this time: whoever sent them has died with them.
   * @returns whether a `sent` one is left, of which somebody may still tell how it ended
   */
  reclaim(
    tenantId: TenantId,
    macAddress: MacAddress,
    sentBeforeMilliseconds: number,
  ): Promise<boolean>;
  /** Writes how a `sent` command ended. */
  settle(command: Command): Promise<void>;
  /** Puts a `sent` command back into the queue: the phone could not be reached. */
  requeue(command: Command): Promise<void>;
  removeByDevice(tenantId: TenantId, macAddress: MacAddress): Promise<void>;
}

/** A NOTIFY without a final answer within this time counts as not answered (64 × T1). */
export const commandTimeoutMilliseconds = 32_000;

/**
 * A NOTIFY that meets a challenge is sent up to three times; who holds a `sent` command longer than
 * that has died with it.
 */
export const longestDeliveryMilliseconds = 3 * commandTimeoutMilliseconds + 1000;

/** What a command is made of by whoever gives it. */
export type CommandOrder = Pick<Command, "tenantId" | "macAddress" | "kind" | "upn" | "actor">;

/** A queued command of a fresh id. */
export function newCommand(order: CommandOrder, nowMilliseconds: number): Command {
  return {
    ...order,
    id: randomUUID(),
    status: "queued",
    createdAtMilliseconds: nowMilliseconds,
    sentAtMilliseconds: null,
    settledAtMilliseconds: null,
    answer: null,
  };
}

/** A command that the gateway has done itself, so that it can be found like any other. */
export function doneCommand(order: CommandOrder, nowMilliseconds: number): Command {
  const command = newCommand(order, nowMilliseconds);
  return { ...command, status: "accepted", settledAtMilliseconds: nowMilliseconds };
}
