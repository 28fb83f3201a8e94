import { type BulkSignIn, type BulkSignInItem, failedItem } from "./bulk-sign-in.ts";
import {
  closeIfOver,
  phoneNotRegistered,
  registrationPatienceMilliseconds,
} from "./close-bulk-sign-in.ts";
import type { Device } from "./device.ts";
import { type BulkSignInRefusal, judgeBulkSignIn } from "./judge-bulk-sign-in.ts";
import type { MacAddress } from "./mac-address.ts";
import { recordDeviceEvent } from "./record-device-event.ts";
import { endOtherSignIn } from "./settle-sign-in.ts";
import {
  findClaim,
  isSignedInAs,
  type SignInDeviceDependencies,
  signInDevice,
} from "./sign-in-device.ts";
import type { Stores } from "./stores.ts";

/** What carrying out a batch needs. */
export type AdvanceBulkSignInDependencies = SignInDeviceDependencies &
  Pick<Stores, "bulkSignIns" | "sipDevicesConfiguration">;

/** Lines that are begun together: a hundred phones that fetch at once are no storm, but spread all the same. */
const itemsAtOnce = 8;

/** Bindings of one device that are looked at; a phone has one, and after a reboot perhaps two. */
const mostBindings = 20;

/**
 * Takes a batch as far as it comes now: signs in whoever is queued, and looks which phones have
 * registered as their users. It is saved after each few lines; done again after a crash, what was
 * done is recognised.
 * @param isStopped asked between lines; true ends it early
 * @returns the batch as it was last saved; undefined when it has gone or another node has taken it over
 * @throws what the first line threw that could not be carried out; the others have been
 */
export async function advanceBulkSignIn(
  dependencies: AdvanceBulkSignInDependencies,
  batch: BulkSignIn,
  isStopped: () => boolean,
): Promise<BulkSignIn | undefined> {
  const closed = closeIfOver(batch, dependencies.clock.nowMilliseconds());
  if (closed !== batch && !(await dependencies.bulkSignIns.save(closed))) return undefined;
  let current = closed;
  for (const [status, advance] of [
    ["queued", beginItem],
    ["in-progress", followItem],
  ] as const) {
    const lines = current.items.filter((item) => item.status === status);
    for (let start = 0; start < lines.length && !isStopped(); start += itemsAtOnce) {
      const some = lines.slice(start, start + itemsAtOnce);
      const advanced = await advanceItems(dependencies, current, some, advance);
      if (advanced === undefined) return undefined;
      current = advanced;
    }
  }
  return current;
}

type AdvanceItem = (
  dependencies: AdvanceBulkSignInDependencies,
  batch: BulkSignIn,
  item: BulkSignInItem,
  macAddress: MacAddress,
) => Promise<BulkSignInItem>;

async function advanceItems(
  dependencies: AdvanceBulkSignInDependencies,
  batch: BulkSignIn,
  some: readonly BulkSignInItem[],
  advance: AdvanceItem,
): Promise<BulkSignIn | undefined> {
  const results = await Promise.allSettled(
    some.map(async (item) =>
      item.macAddress === null ? item : advance(dependencies, batch, item, item.macAddress),
    ),
  );
  const advanced = new Map(
    results.flatMap((result) =>
      result.status === "fulfilled" ? [[result.value.line, result.value]] : [],
    ),
  );
  const items = batch.items.map((item) => advanced.get(item.line) ?? item);
  const changed = { ...batch, items };
  const isChanged = items.some((item, index) => item !== batch.items[index]);
  if (isChanged && !(await dependencies.bulkSignIns.save(changed))) return undefined;
  const failure = results.find((result) => result.status === "rejected");
  if (failure !== undefined) throw failure.reason;
  return changed;
}

async function beginItem(
  dependencies: AdvanceBulkSignInDependencies,
  { tenantId, createdBy: actor }: BulkSignIn,
  item: BulkSignInItem,
  macAddress: MacAddress,
): Promise<BulkSignInItem> {
  const upn = item.username;
  const device = (await dependencies.devices.find(tenantId, macAddress))?.value;
  if (device !== undefined && isSignedInAs(device, upn)) {
    if (await isRegisteredAsUser(dependencies, device)) {
      await endOtherSignIn(dependencies, device);
      return completed(item);
    }
  } else {
    const refusal = await judge(dependencies, upn, macAddress, device, tenantId);
    if (refusal !== undefined) return fail(dependencies, item, device, refusal, actor);
  }
  const result = await signInDevice(dependencies, { tenantId, macAddress, upn, actor });
  if (!result.ok) return fail(dependencies, item, device, result, actor);
  const signedInAtMilliseconds = dependencies.clock.nowMilliseconds();
  return { ...item, status: "in-progress", signedInAtMilliseconds };
}

async function judge(
  dependencies: AdvanceBulkSignInDependencies,
  upn: string,
  macAddress: MacAddress,
  device: Device | undefined,
  tenantId: Device["tenantId"],
): Promise<BulkSignInRefusal | undefined> {
  const { sipDevicesConfiguration, conditionalAccess, bindings, clock } = dependencies;
  const nowMilliseconds = clock.nowMilliseconds();
  const query = { macAddress, limit: mostBindings, nowMilliseconds };
  const { items } = await bindings.list(tenantId, query);
  return judgeBulkSignIn({
    configuration: await sipDevicesConfiguration.find(tenantId),
    claim: await findClaim(dependencies, tenantId, upn),
    macAddress,
    device,
    addresses: items.map(({ flow }) => flow.remoteAddress),
    rule: await conditionalAccess.find(tenantId),
    nowMilliseconds,
  });
}

async function fail(
  dependencies: AdvanceBulkSignInDependencies,
  item: BulkSignInItem,
  device: Device | undefined,
  refusal: BulkSignInRefusal,
  actor: string,
): Promise<BulkSignInItem> {
  if (device !== undefined) {
    const { tenantId, macAddress } = device;
    const text = `Bulk sign-in of ${item.username} failed: ${refusal.reason}`;
    const event = { tenantId, macAddress, kind: "sign-in-failed", text, actor } as const;
    await recordDeviceEvent(dependencies, event);
  }
  return failedItem(item, refusal);
}

async function followItem(
  dependencies: AdvanceBulkSignInDependencies,
  { tenantId }: BulkSignIn,
  item: BulkSignInItem,
  macAddress: MacAddress,
): Promise<BulkSignInItem> {
  const device = (await dependencies.devices.find(tenantId, macAddress))?.value;
  if (device === undefined || !isSignedInAs(device, item.username)) {
    const reason =
      "Device signed out: it was signed out, reset or deleted before its phone registered as the user. " +
      "The device's history says why.";
    return failedItem(item, { code: "device-signed-out", reason });
  }
  if (await isRegisteredAsUser(dependencies, device)) return completed(item);
  const since = item.signedInAtMilliseconds ?? 0;
  const isLate = dependencies.clock.nowMilliseconds() >= since + registrationPatienceMilliseconds;
  return isLate ? failedItem(item, phoneNotRegistered(item)) : item;
}

function completed(item: BulkSignInItem): BulkSignInItem {
  return { ...item, status: "completed" };
}

async function isRegisteredAsUser(
  { accounts, bindings, clock }: AdvanceBulkSignInDependencies,
  { tenantId, macAddress, userAuthenticationName }: Device,
): Promise<boolean> {
  const account = await accounts.findByAuthenticationName(userAuthenticationName ?? "");
  if (account === undefined) return false;
  const found = await bindings.find(tenantId, account.aor, clock.nowMilliseconds());
  return found.some((binding) => binding.macAddress === macAddress);
}
