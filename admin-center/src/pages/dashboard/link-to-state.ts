import type { DeviceState } from "../../api/types.ts";

/** Address of the inventory that shows devices of a state: by its filter, or by a search for its words. */
export function linkToState(state: DeviceState, words: string): string {
  if (state === "signed-in") return "/devices?filter=signed-in";
  return `/devices?${new URLSearchParams({ search: words })}`;
}
