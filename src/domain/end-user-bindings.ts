import type { BindingStore } from "./binding.ts";
import type { Device } from "./device.ts";
import { regionOfOnboardingDomain } from "./region.ts";

/** Bindings of one device that are looked at; a phone has one, and after a reboot perhaps two. */
const mostBindings = 20;

/**
 * Ends a device's bindings of users' AORs. Its onboarding binding stays: the phone is reached by it.
 * Other devices of the same user keep theirs.
 */
export async function endUserBindings(
  bindings: BindingStore,
  { tenantId, macAddress }: Device,
  nowMilliseconds: number,
): Promise<void> {
  const { items } = await bindings.list(tenantId, {
    macAddress,
    limit: mostBindings,
    nowMilliseconds,
  });
  const aors = new Set(items.map(({ aor }) => aor).filter((aor) => !isOnboarding(aor)));
  for (const aor of aors) {
    await bindings.update(tenantId, aor, nowMilliseconds, (current) => ({
      bindings: current.filter((binding) => binding.macAddress !== macAddress),
    }));
  }
}

function isOnboarding(aor: string): boolean {
  return regionOfOnboardingDomain(aor.slice(aor.lastIndexOf("@") + 1)) !== undefined;
}
