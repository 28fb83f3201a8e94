import { useCallback, useEffect, useRef, useState } from "react";
import { type ApiError, asApiError } from "../api/api-error.ts";
import type { LiveEvent } from "../api/types.ts";
import { eventStream } from "./event-stream.ts";

/** Something read from the API, and how that went. */
export interface Resource<Data> {
  /** The last that came; kept while it is read anew, and when that fails. */
  readonly data: Data | undefined;
  readonly error: ApiError | undefined;
  readonly isLoading: boolean;
  readonly reload: () => void;
}

/** When it is read anew by itself. */
export interface ResourceOptions {
  /** Which events concern it. */
  readonly concerns?: (event: LiveEvent) => boolean;
  readonly everyMilliseconds?: number;
}

/** Events within this time lead to one reading. */
const settleMilliseconds = 500;

/**
 * Reads something from the API and keeps it current: when an event concerns it, when the stream is
 * back, or at intervals.
 * @param key read anew when it changes; null: nothing to read yet
 * @param read must be stable for a key
 */
export function useResource<Data>(
  key: string | null,
  read: (signal: AbortSignal) => Promise<Data>,
  { concerns, everyMilliseconds }: ResourceOptions = {},
): Resource<Data> {
  const [state, setState] = useState<Omit<Resource<Data>, "reload">>({
    data: undefined,
    error: undefined,
    isLoading: true,
  });
  const [turn, setTurn] = useState(0);
  const reload = useCallback(() => setTurn((before) => before + 1), []);
  const latest = useRef({ read, concerns });
  latest.current = { read, concerns };
  const shownKey = useRef(key);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a turn is a wish to read again
  useEffect(() => {
    if (key === null) return;
    const abort = new AbortController();
    const isOther = shownKey.current !== key;
    shownKey.current = key;
    setState((before) => ({ ...(isOther ? noData : before), isLoading: true }));
    latest.current.read(abort.signal).then(
      (data) => {
        if (!abort.signal.aborted) setState({ data, error: undefined, isLoading: false });
      },
      (error: unknown) => {
        if (abort.signal.aborted) return;
        setState((before) => ({ ...before, error: asApiError(error), isLoading: false }));
      },
    );
    return () => abort.abort();
  }, [key, turn]);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const soon = () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        reload();
      }, settleMilliseconds);
    };
    const stop = eventStream.listen({
      onEvent: (event) => {
        if (latest.current.concerns?.(event) === true) soon();
      },
      onReconnect: reload,
    });
    const interval =
      everyMilliseconds === undefined ? undefined : setInterval(reload, everyMilliseconds);
    return () => {
      stop();
      clearTimeout(timer);
      clearInterval(interval);
    };
  }, [reload, everyMilliseconds]);

  return { ...state, reload };
}

const noData = { data: undefined, error: undefined, isLoading: true };
