import { useEffect, useState } from "react";
import type { ApiError } from "../api/api-error.ts";
import { call } from "../api/call.ts";
import type { SignInStatus } from "../api/sign-in-types.ts";
import { useResource } from "../live/use-resource.ts";
import { isSettled, type SignInStanding, signInStanding } from "./sign-in-standing.ts";
import type { BegunSignIn } from "./use-begun-sign-in.ts";

/** Not every step of the phone is told by an event. */
const askEveryMilliseconds = 2000;

/** Follows a sign-in to its end. */
export function useSignInStanding(
  macAddress: string,
  { started, atMilliseconds }: BegunSignIn,
): {
  readonly standing: SignInStanding;
  /** When its pairing code expires, by the browser's clock. */
  readonly untilMilliseconds: number;
  /** Why the gateway does not say; it is asked again. */
  readonly error: ApiError | undefined;
} {
  const [isOver, setOver] = useState(false);
  const path = `/devices/${encodeURIComponent(macAddress)}/sign-in`;
  const { data: status, error } = useResource(
    path,
    (signal) => call<SignInStatus>(path, { signal }),
    {
      concerns: ({ type, subject }) => type === "device" && subject === macAddress,
      ...(isOver ? {} : { everyMilliseconds: askEveryMilliseconds }),
    },
  );
  const standing = signInStanding(started, status);
  const isEnd = isSettled(standing);
  useEffect(() => setOver(isEnd), [isEnd]);
  const untilMilliseconds =
    status === undefined
      ? Date.parse(started.expiresAt)
      : atMilliseconds + Date.parse(status.expiresAt) - Date.parse(status.startedAt);
  return { standing, untilMilliseconds, error };
}
