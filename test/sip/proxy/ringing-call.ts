import type { SipRequest } from "../../../sip/message/sip-message.ts";
import { answer, type MemoryFlow } from "../transaction/memory-transport.ts";
import { at, fromCaller, ProxyHarness } from "./proxy-harness.ts";

/** A call that rings at so many phones, each of which has said 180. */
export function ringing(phones: number) {
  const harness = new ProxyHarness();
  const caller = harness.phone(1);
  const callees = Array.from({ length: phones }, (_, index) => harness.phone(10 + index));
  harness.groups = [callees.map(at)];
  harness.receive(fromCaller(), caller);
  const invites = callees.map((callee) => callee.takeRequest("INVITE"));
  const each = (index: number): [MemoryFlow, SipRequest] => {
    const [callee, invite] = [callees[index], invites[index]];
    if (callee === undefined || invite === undefined) throw new Error("no such phone");
    return [callee, invite];
  };
  const say = (index: number, status: number, tag = `tag${index}`) =>
    harness.answer(...each(index), status, tag);
  const sayWith = (index: number, status: number, headers: string[]) => {
    const [callee, invite] = each(index);
    harness.respond(callee, answer(invite, status, { tag: `tag${index}`, headers }));
  };
  for (let index = 0; index < phones; index++) say(index, 180);
  caller.take();
  harness.takeHeard();
  return { harness, caller, callees, say, sayWith };
}

/** Each cancelled phone says 200 to the CANCEL and 487 to the INVITE, as it has to. */
export function obeyCancels(harness: ProxyHarness, callees: readonly MemoryFlow[]): string[][] {
  return callees.map((callee) => {
    const messages = callee.take();
    for (const message of messages) {
      if (message.kind !== "request" || message.method !== "CANCEL") continue;
      harness.answer(callee, message, 200, "cancelled");
      const terminated = answer(message, 487, { tag: "cancelled" });
      terminated.headers.set("CSeq", "1 INVITE");
      harness.respond(callee, terminated);
    }
    return messages.map((message) =>
      message.kind === "request" ? message.method : String(message.status),
    );
  });
}
