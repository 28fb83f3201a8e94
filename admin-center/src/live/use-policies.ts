import { call } from "../api/call.ts";
import type { CallingPolicy } from "../api/user-types.ts";
import { type Resource, useResource } from "./use-resource.ts";

/** No event tells of a policy that was changed in another window. */
const everyMilliseconds = 10_000;

/** All calling policies, by name. */
export function usePolicies(): Resource<readonly CallingPolicy[]> {
  return useResource("calling-policies", readPolicies, { everyMilliseconds });
}

async function readPolicies(signal: AbortSignal): Promise<readonly CallingPolicy[]> {
  const { items } = await call<{ readonly items: readonly CallingPolicy[] }>("/calling-policies", {
    signal,
  });
  return items;
}
