import type { call } from "../../api/call.ts";
import type { Device, Role } from "../../api/types.ts";

/** What can be done to many devices at once. */
export const bulkActionIds = ["code", "signOut", "restart", "sync", "delete"] as const;

export type BulkActionId = (typeof bulkActionIds)[number];

/** How one of them is carried out. */
export interface BulkAction {
  /** The least role that may. */
  readonly role: Role;
  /** Devices that one call names. */
  readonly devicesPerCall: number;
  /** Whether it means anything for this device now. */
  readonly isFor: (device: Device) => boolean;
  /**
   * Does it to some devices.
   * @returns why not, by MAC address, for those that were refused
   * @throws ApiError when it was done to none of them
   */
  readonly carryOut: (
    devices: readonly Device[],
    api: typeof call,
  ) => Promise<ReadonlyMap<string, string>>;
}

const none: ReadonlyMap<string, string> = new Map();

/** One call for each device. */
function each(
  method: "POST" | "DELETE",
  pathAfterDevice: string,
  isFor: BulkAction["isFor"] = () => true,
): BulkAction {
  return {
    role: "administrator",
    devicesPerCall: 1,
    isFor,
    carryOut: async (devices, api) => {
      for (const { macAddress } of devices) {
        await api(`/devices/${macAddress}${pathAfterDevice}`, { method });
      }
      return none;
    },
  };
}

/** All of them. */
export const bulkActions: Readonly<Record<BulkActionId, BulkAction>> = {
  code: {
    role: "technician",
    devicesPerCall: 500,
    isFor: ({ state }) => state === "waiting-on-activation",
    carryOut: async (devices, api) => {
      const macAddresses = devices.map(({ macAddress }) => macAddress);
      const { refused } = await api<{
        readonly refused: readonly { readonly macAddress: string; readonly reason: string }[];
      }>("/verification-codes", { method: "POST", body: { macAddresses } });
      return new Map(refused.map(({ macAddress, reason }) => [macAddress, reason]));
    },
  },
  signOut: each("POST", "/sign-out", ({ state }) => state === "signed-in"),
  restart: each("POST", "/restart"),
  sync: each("POST", "/sync"),
  delete: each("DELETE", ""),
};

/** Whether a user can be signed in on it. */
export function mayBeSignedIn({ state }: Device): boolean {
  return state === "waiting-for-sign-in" || state === "signed-out";
}
