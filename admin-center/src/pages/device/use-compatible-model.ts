import { call } from "../../api/call.ts";
import type { CompatibleModel } from "../../api/device-page-types.ts";
import type { Device } from "../../api/types.ts";
import { useResource } from "../../live/use-resource.ts";

/** What the list of compatible devices says of a device's model; undefined where it does not name it. */
export function useCompatibleModel({
  vendor,
  model,
}: Pick<Device, "vendor" | "model">): CompatibleModel | undefined {
  const path =
    vendor === null || model === null
      ? null
      : `/compatible-devices?${new URLSearchParams({ vendor, model })}`;
  const { data } = useResource(path, (signal) =>
    call<{ readonly items: readonly CompatibleModel[] }>(path ?? "", { signal }),
  );
  return data?.items[0];
}
