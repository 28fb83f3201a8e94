import { useSyncExternalStore } from "react";
import { eventStream } from "./event-stream.ts";
import { type InventoryView, inventory } from "./inventory.ts";

/** All devices, live. */
export function useInventory(): InventoryView {
  // Not only once the page is drawn: the gateway answers meanwhile.
  inventory.warm();
  return useSyncExternalStore(inventory.watch, () => inventory.view);
}

/** Whether changes arrive by themselves now. */
export function useIsLive(): boolean {
  return useSyncExternalStore(eventStream.watch, () => eventStream.connected);
}
