import { describe, expect, it } from "vitest";
import type { DeviceEvent } from "../../src/domain/history.ts";
import type { MacAddress } from "../../src/domain/mac-address.ts";
import { RefusedAttempts, refusedAttemptLimits } from "../../src/domain/refused-attempts.ts";
import type { TenantId } from "../../src/domain/tenant.ts";
import { FakeClock } from "../support/fake-clock.ts";

const tenantId = "tenant" as TenantId;
const macAddress = "805ec0000001" as MacAddress;

function setUp() {
  const clock = new FakeClock();
  const lines: DeviceEvent[] = [];
  const history = {
    append: async (event: DeviceEvent) => void lines.push(event),
    list: async () => ({ items: [], nextCursor: null }),
  };
  const liveEvents = { publish: () => undefined, subscribe: () => () => undefined };
  const attempts = new RefusedAttempts({ history, liveEvents, clock });
  const refuse = (text: string, device = macAddress) =>
    attempts.record({ tenantId, macAddress: device, kind: "refused", text });
  return { clock, lines, refuse };
}

describe("refused attempts in a device's history", () => {
  it("are one line within ten minutes, however often the same is tried, and counted in the next", async () => {
    const { clock, lines, refuse } = setUp();
    for (let time = 0; time < 1000; time++) await refuse("No.");
    expect(lines.map(({ text }) => text)).toEqual(["No."]);
    clock.advance(refusedAttemptLimits.repeatMilliseconds);
    await refuse("No.");
    await refuse("No.");
    expect(lines.at(1)?.text).toBe("No. It had happened 999 more times before.");
    expect(lines.at(1)?.actor).toBe("unknown");
    expect(lines).toHaveLength(2);
  });

  it("are no more than 24 lines a day for one device, the last of which says so", async () => {
    const { clock, lines, refuse } = setUp();
    for (let number = 0; number < 1000; number++) await refuse(`From address ${number}.`);
    expect(lines).toHaveLength(refusedAttemptLimits.mostLinesADay);
    expect(lines.at(-1)?.text).toBe(
      "From address 23. What else is refused within a day is not written here.",
    );
    await refuse("From address 24.", "805ec0000002" as MacAddress);
    expect(lines).toHaveLength(refusedAttemptLimits.mostLinesADay + 1);
    clock.advance(refusedAttemptLimits.dayMilliseconds);
    await refuse("From address 25.");
    expect(lines.at(-1)?.text).toBe("From address 25.");
  });
});
