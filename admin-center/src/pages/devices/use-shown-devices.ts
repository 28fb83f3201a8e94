import { useDeferredValue, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { type Device, type DeviceState, deviceStates } from "../../api/types.ts";
import { type DeviceFilter, passesFilter } from "./device-filters.ts";
import { makeDeviceSearch } from "./device-search.ts";

/**
 * The devices that a filter and a search show, in the order in which they came.
 * @param typed what is searched for; typing never waits for the search
 */
export function useShownDevices(
  devices: ReadonlyMap<string, Device>,
  filter: DeviceFilter,
  typed: string,
): readonly Device[] {
  const { t } = useTranslation();
  const wanted = useDeferredValue(typed);
  const search = useMemo(() => {
    const words = deviceStates.map((state) => [state, t(`state.${state}`)] as const);
    return makeDeviceSearch(Object.fromEntries(words) as Record<DeviceState, string>);
  }, [t]);
  return useMemo(() => {
    const isFound = search(wanted);
    return [...devices.values()].filter(
      (device) => passesFilter(device, filter) && isFound(device),
    );
  }, [devices, filter, search, wanted]);
}
