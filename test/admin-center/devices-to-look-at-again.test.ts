import { describe, expect, it } from "vitest";
import {
  devicesToLookAtAgain,
  roundsForAll,
} from "../../admin-center/src/live/devices-to-look-at-again.ts";
import { sampleDevice } from "./sample-devices.ts";

const now = Date.parse("2026-01-05T08:00:00Z");
const before = "2026-01-05T07:59:59Z";
const after = "2026-01-05T08:00:01Z";

function mapOf(devices: readonly ReturnType<typeof sampleDevice>[]) {
  return new Map(devices.map((device) => [device.macAddress, device]));
}

describe("devices that may have changed without an event", () => {
  it("are those whose registration or code has run out", () => {
    const devices = mapOf([
      sampleDevice({ macAddress: "turn" }),
      sampleDevice({ macAddress: "expired", online: true, registrationExpiresAt: before }),
      sampleDevice({ macAddress: "registered", online: true, registrationExpiresAt: after }),
      sampleDevice({ macAddress: "old code", verificationCode: { code: "1", expiresAt: before } }),
      sampleDevice({ macAddress: "code", verificationCode: { code: "1", expiresAt: after } }),
    ]);
    expect(devicesToLookAtAgain(devices, now, 0)).toEqual(["turn", "expired", "old code"]);
  });

  it("are all of them in the course of the rounds, each once", () => {
    const devices = mapOf(
      Array.from({ length: 103 }, (_, index) => sampleDevice({ macAddress: String(index) })),
    );
    const found = Array.from({ length: roundsForAll }, (_, round) =>
      devicesToLookAtAgain(devices, now, round),
    ).flat();
    expect(found).toHaveLength(103);
    expect(new Set(found).size).toBe(103);
  });

  it("are never so many at once that the gateway is kept busy with them", () => {
    const devices = mapOf(
      Array.from({ length: 5000 }, (_, index) =>
        sampleDevice({ macAddress: String(index), online: true, registrationExpiresAt: before }),
      ),
    );
    expect(devicesToLookAtAgain(devices, now, 0)).toHaveLength(1000);
  });
});
