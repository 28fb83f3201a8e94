import type { IncomingRequest } from "../../../sip/transport/transport-layer.ts";
import { outOfOrderWindowMilliseconds } from "../../domain/apply-registration.ts";
import type { Binding } from "../../domain/binding.ts";

/**
 * Whether a REGISTER is the very one that a binding came with, from where that came. On UDP a 200
 * can be lost, and the phone then repeats its request, nonce count and all, for 64 × T1 (RFC 3261
 * §17.1.2.2); what comes later is somebody's replay.
 * @param bindings the AOR's live ones
 */
export function isRepeatedRegistration(
  { request, flow }: IncomingRequest,
  bindings: readonly Binding[],
  nowMilliseconds: number,
): boolean {
  if (flow.reliable) return false;
  return bindings.some(
    (binding) =>
      binding.callId === request.callId &&
      binding.cseq === request.cseq.number &&
      nowMilliseconds - binding.refreshedAtMilliseconds < outOfOrderWindowMilliseconds &&
      binding.flow.remoteAddress === flow.remoteAddress &&
      binding.flow.remotePort === flow.remotePort,
  );
}
