import { useCallback, useEffect, useRef, useState } from "react";
import type { Device } from "../../api/types.ts";
import type { InventoryView } from "../../live/inventory.ts";
import { activatedBetween } from "./waiting-devices.ts";

const mostRemembered = 50;

/** Devices that were activated while the page is watched, the latest first, and how to forget them. */
export function useActivations({ devices, status }: InventoryView): {
  readonly activated: readonly Device[];
  readonly forget: () => void;
} {
  const before = useRef<ReadonlyMap<string, Device>>(new Map());
  const [activated, setActivated] = useState<readonly Device[]>([]);
  useEffect(() => {
    if (status !== "complete") return;
    const fresh = activatedBetween(before.current, devices);
    before.current = devices;
    if (fresh.length === 0) return;
    setActivated((known) => [...fresh, ...known].slice(0, mostRemembered));
  }, [devices, status]);
  const forget = useCallback(() => setActivated([]), []);
  return { activated, forget };
}
