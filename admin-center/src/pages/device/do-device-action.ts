import { call } from "../../api/call.ts";
import type { DeviceAction } from "./device-actions.ts";

/** What an action is confirmed for. A sign-in has a dialog of its own. */
export type ConfirmedAction = Exclude<DeviceAction, "sign-in">;

/**
 * Has the gateway do it.
 * @returns the id of the command to follow, where it became one
 * @throws ApiError
 */
export async function doDeviceAction(
  action: ConfirmedAction,
  macAddress: string,
): Promise<string | undefined> {
  const path = `/devices/${encodeURIComponent(macAddress)}`;
  switch (action) {
    case "generate-code":
      await call("/verification-codes", { method: "POST", body: { macAddresses: [macAddress] } });
      return undefined;
    case "delete":
      await call(path, { method: "DELETE" });
      return undefined;
    case "restart":
    case "sync":
    case "sign-out":
    case "reset": {
      const taken = await call<{ commandId: string }>(`${path}/${action}`, { method: "POST" });
      return taken.commandId;
    }
  }
}
