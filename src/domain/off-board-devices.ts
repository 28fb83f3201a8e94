import { setImmediate } from "node:timers/promises";
import { changeDevice } from "./change-device.ts";
import type { Device } from "./device.ts";
import { judgeOffBoarding, type OffBoardingVerdict, offBoardingStates } from "./off-boarding.ts";
import { gatewayActor, recordDeviceEvent } from "./record-device-event.ts";
import { type RetireDeviceDependencies, takeBackDevice } from "./retire-device.ts";
import type { Stores } from "./stores.ts";
import type { TenantId } from "./tenant.ts";

/** Devices looked at in one go; between two batches other work has its turn. */
const devicesAtOnce = 200;

/** Of a device's history, the newest lines in which a registration since is looked for. */
const linesLookedAt = 100;

/** What looking after devices that stay away needs. */
export type OffBoardDevicesDependencies = RetireDeviceDependencies &
  Pick<Stores, "tenants"> & {
    /** Told why one device could not be looked after; the others are all the same. */
    readonly onFailure: (error: unknown) => void;
    /** Ends the walk early. */
    readonly isStopped: () => boolean;
  };

/**
 * Looks at every enrolled device once: notes which have gone offline and which came back, warns, and
 * off-boards those that were away too long. Registrations themselves write nothing for this: that a
 * device is offline is noted here, so up to one interval between two walks late, never early.
 */
export async function offBoardDevices(dependencies: OffBoardDevicesDependencies): Promise<void> {
  for (const { id } of await dependencies.tenants.list()) {
    for (const state of offBoardingStates) await walk(dependencies, id, state);
  }
}

async function walk(
  dependencies: OffBoardDevicesDependencies,
  tenantId: TenantId,
  state: (typeof offBoardingStates)[number],
): Promise<void> {
  const { devices, bindings, clock, onFailure, isStopped } = dependencies;
  let cursor: string | null = "";
  while (cursor !== null && !isStopped()) {
    const nowMilliseconds = clock.nowMilliseconds();
    const query = { state, limit: devicesAtOnce, cursor, nowMilliseconds };
    const page = await devices.list(tenantId, query);
    const macAddresses = page.items.map(({ macAddress }) => macAddress);
    const registrations = await bindings.registrationsOf(tenantId, macAddresses, nowMilliseconds);
    const isOnline = (index: number) => registrations[index] !== undefined;
    await Promise.all(
      page.items.map((device, index) =>
        carryOut(
          dependencies,
          device,
          judgeOffBoarding(device, isOnline(index), nowMilliseconds),
        ).catch(onFailure),
      ),
    );
    cursor = page.nextCursor;
    await setImmediate();
  }
}

async function carryOut(
  dependencies: OffBoardDevicesDependencies,
  device: Device,
  verdict: OffBoardingVerdict,
): Promise<void> {
  const now = dependencies.clock.nowMilliseconds();
  switch (verdict.verdict) {
    case "leave":
      return;
    case "forget":
      await count(dependencies, device, null);
      return;
    case "note-offline":
      await count(dependencies, device, now);
      return;
    case "warn":
    case "off-board": {
      const registeredAt = await lastRegistrationSince(dependencies, device);
      if (registeredAt !== undefined) await count(dependencies, device, registeredAt);
      else if (verdict.verdict === "warn") await warn(dependencies, device, verdict.atMilliseconds);
      else await offBoard(dependencies, device, verdict.daysAllowed);
    }
  }
}

/** Counts the device's absence from the given time on; null: it is not absent. */
async function count(
  { devices }: OffBoardDevicesDependencies,
  { tenantId, macAddress, offlineSinceMilliseconds }: Device,
  sinceMilliseconds: number | null,
): Promise<void> {
  await changeDevice(devices, tenantId, macAddress, (current) =>
    current.offlineSinceMilliseconds === offlineSinceMilliseconds
      ? {
          ...current,
          offlineSinceMilliseconds: sinceMilliseconds,
          offBoardingNoticeAtMilliseconds: null,
        }
      : undefined,
  );
}

/** A phone may have come and gone between two walks, which only its history tells. */
async function lastRegistrationSince(
  { history }: OffBoardDevicesDependencies,
  { tenantId, macAddress, offlineSinceMilliseconds }: Device,
): Promise<number | undefined> {
  const { items } = await history.list(tenantId, macAddress, { limit: linesLookedAt });
  const isSince = (atMilliseconds: number) => atMilliseconds > (offlineSinceMilliseconds ?? 0);
  return items.find(
    ({ kind, atMilliseconds }) =>
      (kind === "registered" || kind === "unregistered") && isSince(atMilliseconds),
  )?.atMilliseconds;
}

async function warn(
  dependencies: OffBoardDevicesDependencies,
  device: Device,
  dueMilliseconds: number,
): Promise<void> {
  const { devices, clock } = dependencies;
  const { tenantId, macAddress } = device;
  let warned = false;
  await changeDevice(devices, tenantId, macAddress, (current) => {
    warned = isSameAbsence(current, device) && current.offBoardingNoticeAtMilliseconds === null;
    return warned
      ? { ...current, offBoardingNoticeAtMilliseconds: clock.nowMilliseconds() }
      : undefined;
  });
  if (!warned) return;
  await recordDeviceEvent(dependencies, {
    tenantId,
    macAddress,
    kind: "off-boarding-near",
    text: `Offline since ${sinceText(device)}; if it does not register, it is off-boarded on ${new Date(dueMilliseconds).toISOString()}.`,
    actor: gatewayActor,
  });
}

async function offBoard(
  dependencies: OffBoardDevicesDependencies,
  device: Device,
  days: number,
): Promise<void> {
  const { bindings, commands, clock } = dependencies;
  const { tenantId, macAddress, state, upn } = device;
  // It may have registered since its page of the list was read.
  const [registration] = await bindings.registrationsOf(
    tenantId,
    [macAddress],
    clock.nowMilliseconds(),
  );
  if (registration !== undefined) return;
  const signedOut = upn === null ? "" : ` ${upn} is signed out.`;
  await takeBackDevice(dependencies, tenantId, macAddress, {
    kind: "off-boarded",
    text: `Off-boarded: ${state} and offline since ${sinceText(device)}, which is allowed for ${days} days.${signedOut} It needs a new verification code.`,
    actor: gatewayActor,
    isMeant: (current) => isSameAbsence(current, device),
  });
  await commands.removeByDevice(tenantId, macAddress);
}

function isSameAbsence(current: Device, judged: Device): boolean {
  return (
    current.state === judged.state &&
    current.offlineSinceMilliseconds === judged.offlineSinceMilliseconds
  );
}

function sinceText({ offlineSinceMilliseconds }: Device): string {
  return new Date(offlineSinceMilliseconds ?? 0).toISOString();
}
