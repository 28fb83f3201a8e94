import type { Binding, DeviceRegistration } from "../domain/binding.ts";

/** Those that have not expired; the very same array when none has. */
export function liveBindings(
  bindings: readonly Binding[],
  nowMilliseconds: number,
): readonly Binding[] {
  return bindings.every((binding) => binding.expiresAtMilliseconds > nowMilliseconds)
    ? bindings
    : bindings.filter((binding) => binding.expiresAtMilliseconds > nowMilliseconds);
}

/** A device's registration over all its live bindings: from the first one's start to the last one's end. */
export function registrationOver(live: readonly Binding[]): DeviceRegistration | undefined {
  if (live.length === 0) return undefined;
  return {
    registeredAtMilliseconds: Math.min(...live.map((one) => one.registeredAtMilliseconds)),
    expiresAtMilliseconds: Math.max(...live.map((one) => one.expiresAtMilliseconds)),
  };
}
