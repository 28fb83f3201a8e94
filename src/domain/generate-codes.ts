import type { Device, DeviceQuery } from "./device.ts";
import type { MacAddress } from "./mac-address.ts";
import { type Recording, recordDeviceEvent } from "./record-device-event.ts";
import type { Stores } from "./stores.ts";
import type { TenantId } from "./tenant.ts";
import { codeLifetimeMilliseconds, newCode, type VerificationCode } from "./verification-code.ts";

/** What making codes needs. */
export type GenerateCodesDependencies = Recording & Pick<Stores, "devices" | "codes">;

/** A code and the device it is for. */
export interface GeneratedCode {
  readonly device: Device;
  readonly code: VerificationCode;
}

/** Why a device got no code. */
export interface CodeRefusal {
  readonly macAddress: MacAddress;
  /** `unknown`: nobody has added it; `enrolled`: it needs no code. */
  readonly kind: "unknown" | "enrolled";
  readonly reason: string;
}

const devicesAtOnce = 200;

/**
 * Makes a code for each of these devices, or, given `"all"`, for every device that waits on
 * activation. A new code ends the device's old one and its lock.
 */
export async function generateCodes(
  dependencies: GenerateCodesDependencies,
  tenantId: TenantId,
  macAddresses: readonly MacAddress[] | "all",
  actor: string,
): Promise<{ items: GeneratedCode[]; refused: CodeRefusal[] }> {
  const items: GeneratedCode[] = [];
  const refused: CodeRefusal[] = [];
  for await (const batch of batches(dependencies, tenantId, macAddresses)) {
    const results = await Promise.all(
      batch.map((macAddress) => generateCode(dependencies, tenantId, macAddress, actor)),
    );
    for (const result of results) {
      if ("code" in result) items.push(result);
      else refused.push(result);
    }
  }
  return { items, refused };
}

async function generateCode(
  dependencies: GenerateCodesDependencies,
  tenantId: TenantId,
  macAddress: MacAddress,
  actor: string,
): Promise<GeneratedCode | CodeRefusal> {
  const device = (await dependencies.devices.find(tenantId, macAddress))?.value;
  if (device === undefined || device.state === "seen") {
    const reason = "No device with this MAC address has been added.";
    return { macAddress, kind: "unknown", reason };
  }
  if (device.state !== "waiting-on-activation") {
    const reason = "The device is enrolled already; it needs no code.";
    return { macAddress, kind: "enrolled", reason };
  }
  const now = dependencies.clock.nowMilliseconds();
  const code: VerificationCode = {
    tenantId,
    macAddress,
    code: newCode(),
    createdAtMilliseconds: now,
    expiresAtMilliseconds: now + codeLifetimeMilliseconds,
  };
  await dependencies.codes.put(code);
  await recordDeviceEvent(dependencies, {
    tenantId,
    macAddress,
    kind: "code-generated",
    text: `A verification code was generated; it can be dialled until ${new Date(code.expiresAtMilliseconds).toISOString()}.`,
    actor,
  });
  return { device, code };
}

async function* batches(
  dependencies: GenerateCodesDependencies,
  tenantId: TenantId,
  macAddresses: readonly MacAddress[] | "all",
): AsyncGenerator<readonly MacAddress[]> {
  if (macAddresses !== "all") {
    const unique = [...new Set(macAddresses)];
    for (let start = 0; start < unique.length; start += devicesAtOnce) {
      yield unique.slice(start, start + devicesAtOnce);
    }
    return;
  }
  const query = {
    state: "waiting-on-activation",
    limit: devicesAtOnce,
    nowMilliseconds: dependencies.clock.nowMilliseconds(),
  } satisfies DeviceQuery;
  let cursor: string | null | undefined;
  while (cursor !== null) {
    const page = await dependencies.devices.list(
      tenantId,
      cursor === undefined ? query : { ...query, cursor },
    );
    yield page.items.map((device) => device.macAddress);
    cursor = page.nextCursor;
  }
}
