import { call } from "../api/call.ts";
import type { CallingPolicy } from "../api/user-types.ts";
import { type Resource, useResource } from "./use-resource.ts";

/** All calling policies, by name, live. */
export function usePolicies(): Resource<readonly CallingPolicy[]> {
  return useResource("calling-policies", readPolicies, {
    concerns: ({ type }) => type === "policy",
  });
}

async function readPolicies(signal: AbortSignal): Promise<readonly CallingPolicy[]> {
  const { items } = await call<{ readonly items: readonly CallingPolicy[] }>("/calling-policies", {
    signal,
  });
  return items;
}
