import { useEffect, useRef, useState } from "react";
import { call } from "../../api/call.ts";
import type { Device } from "../../api/types.ts";
import { inventory } from "../../live/inventory.ts";
import type { BulkAction } from "./bulk-actions.ts";
import { type BulkProgress, runBulkAction } from "./run-bulk-action.ts";

/** An action on many devices, and how far it has come. */
export interface BulkRun {
  readonly phase: "planned" | "working" | "over";
  readonly progress: BulkProgress;
  readonly begin: () => void;
  /** Comes to no more devices; what was done stays done. */
  readonly stop: () => void;
}

/** Carries an action out when told to; it is stopped when the page is left. */
export function useBulkRun(action: BulkAction, devices: readonly Device[]): BulkRun {
  const [phase, setPhase] = useState<BulkRun["phase"]>("planned");
  const [progress, setProgress] = useState<BulkProgress>({
    done: 0,
    failures: [],
    left: devices.length,
  });
  const abort = useRef(new AbortController());
  useEffect(() => {
    const controller = new AbortController();
    abort.current = controller;
    return () => controller.abort();
  }, []);

  const begin = async () => {
    setPhase("working");
    const { signal } = abort.current;
    setProgress(
      await runBulkAction(action, devices, { api: call, signal, onProgress: setProgress }),
    );
    for (const { macAddress } of devices) inventory.touch(macAddress);
    setPhase("over");
  };
  return { phase, progress, begin: () => void begin(), stop: () => abort.current.abort() };
}
