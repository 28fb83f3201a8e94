import { useEffect, useState } from "react";
import type { DeviceColumn } from "./device-columns.tsx";
import { type DevicesView, readView, writeView } from "./remembered-view.ts";

const rememberedAs = "sip-gateway-devices-view";

/** Which columns of the inventory are shown and how it is sorted; a change of it is remembered. */
export function useDevicesView(
  columns: readonly DeviceColumn[],
): readonly [DevicesView, (change: Partial<DevicesView>) => void] {
  const [view, setView] = useState(() =>
    readView(
      localStorage.getItem(rememberedAs),
      columns.map(({ id }) => id),
    ),
  );
  useEffect(() => localStorage.setItem(rememberedAs, writeView(view)), [view]);
  return [view, (change) => setView((before) => ({ ...before, ...change }))];
}
