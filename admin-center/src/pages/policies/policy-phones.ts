import type { Device } from "../../api/types.ts";
import type { CallingPolicy } from "../../api/user-types.ts";

/** Within this time every registered phone has a change (docs/policies.md). */
const withinMilliseconds = 60 * 60 * 1000;

/** How far a signed-in phone has come with its user's policy. */
export interface PolicyPhone {
  readonly device: Device;
  /** `away`: it is not registered, and gets the change when it is back. */
  readonly progress: "has" | "coming" | "away";
  /** By when it has the change at the latest; null where it has it, and where it is away. */
  readonly dueAt: string | null;
}

/** How far the phones of a policy have come. */
export interface PolicyProgress {
  readonly all: number;
  readonly has: number;
  readonly coming: number;
  readonly away: number;
  /** By when the last of those that are coming has it; null when none is. */
  readonly dueAt: string | null;
}

/** The signed-in devices whose users have this policy, and how far each has come with its version. */
export function phonesOfPolicy(
  devices: Iterable<Device>,
  policy: CallingPolicy,
): readonly PolicyPhone[] {
  const wanted = policy.name.toLowerCase();
  const phones: PolicyPhone[] = [];
  for (const device of devices) {
    if (device.policy?.name.toLowerCase() !== wanted) continue;
    phones.push(phoneOf(device, device.policy, policy));
  }
  return phones;
}

function phoneOf(
  device: Device,
  { appliedVersion, pendingSince }: NonNullable<Device["policy"]>,
  { version, changedAt }: CallingPolicy,
): PolicyPhone {
  if (appliedVersion === version) return { device, progress: "has", dueAt: null };
  if (!device.online) return { device, progress: "away", dueAt: null };
  // Where the device was read before the change, it did not know yet that it is behind.
  const since = new Date(pendingSince ?? changedAt).getTime();
  const dueAt = new Date(since + withinMilliseconds).toISOString();
  return { device, progress: "coming", dueAt };
}

/** Counts them. */
export function progressOf(phones: readonly PolicyPhone[]): PolicyProgress {
  const progress = { all: phones.length, has: 0, coming: 0, away: 0 };
  let dueAt: string | null = null;
  for (const phone of phones) {
    progress[phone.progress]++;
    if (phone.dueAt !== null && (dueAt === null || phone.dueAt > dueAt)) dueAt = phone.dueAt;
  }
  return { ...progress, dueAt };
}

/** How far the phones of each policy have come, by its name in lower case; one walk over all devices. */
export function progressByPolicy(
  devices: Iterable<Device>,
  policies: readonly CallingPolicy[],
): ReadonlyMap<string, PolicyProgress> {
  const byName = new Map(policies.map((policy) => [policy.name.toLowerCase(), policy]));
  const phones = new Map<string, PolicyPhone[]>(
    policies.map(({ name }) => [name.toLowerCase(), []]),
  );
  for (const device of devices) {
    if (device.policy === null) continue;
    const name = device.policy.name.toLowerCase();
    const policy = byName.get(name);
    if (policy !== undefined) phones.get(name)?.push(phoneOf(device, device.policy, policy));
  }
  return new Map([...phones].map(([name, ofPolicy]) => [name, progressOf(ofPolicy)]));
}
