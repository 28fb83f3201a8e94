import { expect, it } from "vitest";
import { RtpPorts } from "../../../src/signaling/announcements/rtp-sender.ts";
import { FakeClock } from "../../support/fake-clock.ts";

it("whoever yields leaves half of the ports to the others", async () => {
  const range = { first: 24_000, last: 24_199 };
  const ports = new RtpPorts({ bindAddress: "127.0.0.1", ...range, clock: new FakeClock() });
  try {
    for (let count = 0; count < 49; count++) {
      const port = (await ports.open(true))?.port ?? 0;
      expect(port % 2).toBe(0);
      expect(port).toBeGreaterThanOrEqual(range.first);
    }
    expect(await ports.open(true)).toBeUndefined();
    const other = await ports.open();
    expect(other).toBeDefined();
    other?.close();
  } finally {
    ports.stop();
  }
});
