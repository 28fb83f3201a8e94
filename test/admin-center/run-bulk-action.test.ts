import { describe, expect, it } from "vitest";
import { ApiError } from "../../admin-center/src/api/api-error.ts";
import type { call } from "../../admin-center/src/api/call.ts";
import { bulkActions } from "../../admin-center/src/pages/devices/bulk-actions.ts";
import { runBulkAction } from "../../admin-center/src/pages/devices/run-bulk-action.ts";
import { sampleDevice } from "./sample-devices.ts";

function sampleDevices(count: number) {
  return Array.from({ length: count }, (_, index) =>
    sampleDevice({ macAddress: `80:5e:c0:00:00:${index.toString(16).padStart(2, "0")}` }),
  );
}

/** An API of which every call is kept, and answered by `answer`. */
function apiThat(answer: (path: string, body: unknown) => unknown) {
  const calls: string[] = [];
  const api = (async (path: string, options?: { method?: string; body?: unknown }) => {
    calls.push(`${options?.method} ${path}`);
    return answer(path, options?.body);
  }) as typeof call;
  return { api, calls };
}

const signal = new AbortController().signal;

describe("an action on many devices", () => {
  it("calls for each device, and tells how far it has come", async () => {
    const { api, calls } = apiThat(() => undefined);
    const left: number[] = [];
    const devices = sampleDevices(20);
    const result = await runBulkAction(bulkActions.restart, devices, {
      api,
      signal,
      onProgress: (progress) => left.push(progress.left),
    });
    expect(result).toEqual({ done: 20, failures: [], left: 0 });
    expect(calls).toContain("POST /devices/80:5e:c0:00:00:13/restart");
    expect(new Set(calls).size).toBe(20);
    expect(left).toHaveLength(20);
    expect(left.at(-1)).toBe(0);
  });

  it("goes on where it fails for one, and says for which and why", async () => {
    const { api } = apiThat((path) => {
      if (path.includes("00:00:03")) throw new ApiError(409, "Nobody is signed in.");
      return undefined;
    });
    const devices = sampleDevices(10);
    const result = await runBulkAction(bulkActions.signOut, devices, {
      api,
      signal,
      onProgress: () => {},
    });
    expect(result.done).toBe(9);
    expect(result.failures).toEqual([{ device: devices[3], reason: "Nobody is signed in." }]);
  });

  it("makes codes for many devices with one call, and tells each that was refused", async () => {
    const refusal = { macAddress: "80:5e:c0:00:00:02", reason: "It is enrolled already." };
    const { api, calls } = apiThat(() => ({ items: [], refused: [refusal] }));
    const devices = sampleDevices(40);
    const result = await runBulkAction(bulkActions.code, devices, {
      api,
      signal,
      onProgress: () => {},
    });
    expect(calls).toEqual(["POST /verification-codes"]);
    expect(result.done).toBe(39);
    expect(result.failures).toEqual([{ device: devices[2], reason: refusal.reason }]);
  });

  it("fails for all devices of a call that failed", async () => {
    const { api } = apiThat(() => {
      throw new ApiError(503, "The storage does not answer.");
    });
    const result = await runBulkAction(bulkActions.code, sampleDevices(3), {
      api,
      signal,
      onProgress: () => {},
    });
    expect(result.failures).toHaveLength(3);
  });

  it("comes to no more devices once it is stopped, and says how many are left", async () => {
    const controller = new AbortController();
    const { api, calls } = apiThat(() => undefined);
    const result = await runBulkAction(bulkActions.delete, sampleDevices(100), {
      api,
      signal: controller.signal,
      onProgress: ({ done }) => {
        if (done === 10) controller.abort();
      },
    });
    expect(calls.length).toBeLessThan(20);
    expect(result.done).toBe(calls.length);
    expect(result.left).toBe(100 - calls.length);
  });
});
