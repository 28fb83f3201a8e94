import { useCallback, useEffect, useState } from "react";
import { type ApiError, asApiError } from "../api/api-error.ts";
import { call } from "../api/call.ts";
import type { StartedSignIn } from "../api/sign-in-types.ts";

/** A sign-in that was begun on this page. */
export interface BegunSignIn {
  readonly started: StartedSignIn;
  /** When it was answered, by the browser's clock, which may differ from the gateway's. */
  readonly atMilliseconds: number;
}

/** Begins a sign-in on a device at once. */
export function useBegunSignIn(macAddress: string): {
  /** Undefined while the pairing code is waited for, and where none was given. */
  readonly begun: BegunSignIn | undefined;
  /** Why there is no pairing code. */
  readonly error: ApiError | undefined;
  readonly beginAgain: () => void;
} {
  const [begun, setBegun] = useState<BegunSignIn>();
  const [error, setError] = useState<ApiError>();
  const begin = useCallback(async () => {
    setBegun(undefined);
    setError(undefined);
    try {
      const path = `/devices/${encodeURIComponent(macAddress)}/sign-in`;
      const started = await call<StartedSignIn>(path, { method: "POST" });
      setBegun({ started, atMilliseconds: Date.now() });
    } catch (failure) {
      setError(asApiError(failure));
    }
  }, [macAddress]);
  useEffect(() => void begin(), [begin]);
  return { begun, error, beginAgain: () => void begin() };
}
