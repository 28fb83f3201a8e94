import { asApiError } from "../../api/api-error.ts";
import type { call } from "../../api/call.ts";
import type { Device } from "../../api/types.ts";
import type { BulkAction } from "./bulk-actions.ts";

/** A device to which it was not done, and why. */
export interface BulkFailure {
  readonly device: Device;
  readonly reason: string;
}

/** How far it has come. */
export interface BulkProgress {
  /** Devices to which it was done. */
  readonly done: number;
  readonly failures: readonly BulkFailure[];
  /** Devices that were not come to, as it was stopped. */
  readonly left: number;
}

/** A browser has six connections to a server; the page's events and its other calls keep theirs. */
const callsAtOnce = 4;

/**
 * Does it to all of these devices, and goes on where it fails for one.
 * @param signal stops it; calls under way are not broken off, as the gateway may have done them
 * @param onProgress told after each call
 */
export async function runBulkAction(
  action: BulkAction,
  devices: readonly Device[],
  {
    api,
    signal,
    onProgress,
  }: {
    readonly api: typeof call;
    readonly signal: AbortSignal;
    readonly onProgress: (progress: BulkProgress) => void;
  },
): Promise<BulkProgress> {
  const failures: BulkFailure[] = [];
  let progress: BulkProgress = { done: 0, failures, left: devices.length };
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < devices.length && !signal.aborted) {
      const batch = devices.slice(next, next + action.devicesPerCall);
      next += batch.length;
      const failed = await tryBatch(action, batch, api);
      failures.push(...failed);
      progress = {
        done: progress.done + batch.length - failed.length,
        failures,
        left: progress.left - batch.length,
      };
      onProgress(progress);
    }
  };
  await Promise.all(Array.from({ length: callsAtOnce }, work));
  return progress;
}

async function tryBatch(
  action: BulkAction,
  batch: readonly Device[],
  api: typeof call,
): Promise<readonly BulkFailure[]> {
  try {
    const refused = await action.carryOut(batch, api);
    return batch.flatMap((device) => {
      const reason = refused.get(device.macAddress);
      return reason === undefined ? [] : [{ device, reason }];
    });
  } catch (error) {
    const reason = asApiError(error).message;
    return batch.map((device) => ({ device, reason }));
  }
}
