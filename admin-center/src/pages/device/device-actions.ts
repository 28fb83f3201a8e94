import type { Device, Role } from "../../api/types.ts";

/** What can be done with a device, in the order of its buttons. */
export const deviceActions = [
  "sign-in",
  "generate-code",
  "restart",
  "sync",
  "sign-out",
  "reset",
  "delete",
] as const;

export type DeviceAction = (typeof deviceActions)[number];

/** Those that become a command, whose way to the phone is followed. */
export type CommandAction = Extract<DeviceAction, "restart" | "sync" | "sign-out" | "reset">;

type Known = Pick<Device, "state" | "online">;

const fitting: Readonly<Record<DeviceAction, (device: Known) => boolean>> = {
  "sign-in": ({ state }) => state === "waiting-for-sign-in" || state === "signed-out",
  "generate-code": ({ state }) => state === "waiting-on-activation",
  restart: isReachable,
  sync: isReachable,
  "sign-out": ({ state }) => state === "signed-in",
  reset: () => true,
  delete: () => true,
};

/** What a technician may do; the rest is an administrator's. */
const technicianActions: ReadonlySet<DeviceAction> = new Set(["generate-code"]);

/** What a person of this role can do with a device as it stands. */
export function offeredActions(device: Known, role: Role): readonly DeviceAction[] {
  if (role === "reader") return [];
  return deviceActions.filter(
    (action) =>
      fitting[action](device) && (role === "administrator" || technicianActions.has(action)),
  );
}

/** A phone that is enrolled comes for what is queued; one that is not may never come. */
function isReachable({ state, online }: Known): boolean {
  return (
    online || state === "waiting-for-sign-in" || state === "signed-in" || state === "signed-out"
  );
}
