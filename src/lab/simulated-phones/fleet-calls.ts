import type { Clock } from "../../../sip/clock.ts";
import type { AnsweredCall } from "./incoming-call.ts";
import type { SimulatedPhone } from "./simulated-phone.ts";

/** Two phones of a fleet that are to talk to each other. */
interface Pair {
  readonly caller: SimulatedPhone;
  readonly callee: SimulatedPhone;
}

/** What calls between phones need. */
export interface FleetCallsOptions {
  readonly clock: Clock;
  /** Calls that go on at once. */
  readonly atOnce: number;
  /** Told once of each phone: why its call did not go well, or undefined where it did. */
  readonly onEnd: (phone: SimulatedPhone, reason: string | undefined) => void;
}

/** How long after the caller's end the called phone's may take: one BYE. */
const endingMilliseconds = 5_000;

/**
 * Has signed-in phones call each other two by two, by their users' numbers; an odd one calls the
 * first, after the others. A call went well when it was answered 200, both phones heard RTP, and the
 * called one hung up. Fewer than two phones make no call.
 */
export async function callInPairs(
  phones: readonly SimulatedPhone[],
  options: FleetCallsOptions,
): Promise<void> {
  const pairs = pairsOf(phones);
  const waiting = [...pairs];
  const worker = async (): Promise<void> => {
    for (let pair = waiting.shift(); pair !== undefined; pair = waiting.shift()) {
      const reasons = await call(pair, options.clock);
      options.onEnd(pair.caller, reasons.caller);
      options.onEnd(pair.callee, reasons.callee);
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.atOnce, pairs.length) }, worker));
  const [callee] = phones;
  const caller = phones.at(-1);
  if (phones.length % 2 === 0 || phones.length < 2 || !callee || !caller) return;
  // The first one's own call was counted already.
  options.onEnd(caller, (await call({ caller, callee }, options.clock)).caller);
}

function pairsOf(phones: readonly SimulatedPhone[]): Pair[] {
  return phones.flatMap((caller, index) => {
    const callee = phones[index + 1];
    return index % 2 === 0 && callee !== undefined ? [{ caller, callee }] : [];
  });
}

/** What went wrong for each of the two; undefined where nothing did. */
interface Reasons {
  readonly caller: string | undefined;
  readonly callee: string | undefined;
}

async function call({ caller, callee }: Pair, clock: Clock): Promise<Reasons> {
  const number = callee.account?.user;
  if (number === undefined || caller.account === undefined) return forBoth("A line was lost.");
  const answered = nextAnsweredCall(callee, clock);
  try {
    const { status, reason, rtpPackets, endedBy } = await caller.dial(number);
    if (status !== 200) return forBoth(`The call was answered ${status} ${reason}`);
    const heard = await answered.within(endingMilliseconds);
    return {
      caller: whyNotHeard(rtpPackets) ?? (endedBy === "far-end" ? undefined : "No BYE came."),
      callee: heard === undefined ? "Its call did not end." : whyNotHeard(heard.rtpPackets),
    };
  } finally {
    answered.giveUp();
  }
}

function whyNotHeard(rtpPackets: number): string | undefined {
  return rtpPackets > 0 ? undefined : "No RTP came from the other phone.";
}

function forBoth(reason: string): Reasons {
  return { caller: reason, callee: reason };
}

function nextAnsweredCall(
  phone: SimulatedPhone,
  clock: Clock,
): {
  readonly within: (milliseconds: number) => Promise<AnsweredCall | undefined>;
  readonly giveUp: () => void;
} {
  const { promise, resolve } = Promise.withResolvers<AnsweredCall | undefined>();
  phone.once("answered", resolve);
  return {
    within: async (milliseconds) => {
      const deadline = clock.schedule(milliseconds, () => resolve(undefined));
      return promise.finally(() => deadline.cancel());
    },
    giveUp: () => void phone.off("answered", resolve),
  };
}
