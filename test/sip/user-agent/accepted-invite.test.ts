import { describe, expect, it } from "vitest";
import { SipResponse } from "../../../sip/message/sip-message.ts";
import { AcceptedInvite } from "../../../sip/user-agent/accepted-invite.ts";
import { FakeClock } from "../../support/fake-clock.ts";

describe("a 2xx to an INVITE (§13.3.1.4)", () => {
  const accept = () => {
    const clock = new FakeClock();
    const start = clock.nowMilliseconds();
    const sentAt: number[] = [];
    let abandoned = 0;
    const accepted = new AcceptedInvite({
      clock,
      transaction: { respond: () => sentAt.push(clock.nowMilliseconds() - start) },
      response: new SipResponse(200, "OK"),
      onAbandoned: () => abandoned++,
    });
    return { clock, sentAt, accepted, abandoned: () => abandoned };
  };

  it("is repeated after T1, at doubled intervals up to T2, and given up after 64 T1", () => {
    const { clock, sentAt, abandoned } = accept();
    clock.advance(31_999);
    expect(sentAt).toEqual([0, 500, 1500, 3500, 7500, 11500, 15500, 19500, 23500, 27500, 31500]);
    expect(abandoned()).toBe(0);
    clock.advance(60_000);
    expect(sentAt).toHaveLength(11);
    expect(abandoned()).toBe(1);
    expect(clock.pendingTimers).toBe(0);
  });

  it("is repeated no more after the ACK", () => {
    const { clock, sentAt, accepted, abandoned } = accept();
    clock.advance(600);
    accepted.acknowledge();
    clock.advance(60_000);
    expect(sentAt).toEqual([0, 500]);
    expect(abandoned()).toBe(0);
    expect(clock.pendingTimers).toBe(0);
  });
});
