import type { SipMessage } from "../../sip/message/sip-message.ts";
import type { Flow } from "../../sip/transport/flow.ts";
import type { EnrollmentOutcome } from "../domain/enroll-device.ts";
import type { CallRecord } from "./calls/call-log.ts";
import type { RefusedRequestKind } from "./refused-requests.ts";

/** How a REGISTER ended. `challenged` is the first half of every registration, no failure. */
export type RegistrationResult =
  | "accepted"
  | "fetched"
  | "removed"
  | "challenged"
  | "refused"
  | "invalid"
  | "unavailable"
  | "overloaded";

/** Told of what happens, for metrics and traces. Called on every message: it must be cheap and never throw. */
export interface SignalingObserver {
  /** A final response left, of the gateway's own or one that it passed on; repeated ones count again. */
  requestAnswered(method: string, status: number): void;
  registration(result: RegistrationResult): void;
  /** A request was refused that may be a stranger's. */
  requestRefused(kind: RefusedRequestKind): void;
  enrollment(outcome: EnrollmentOutcome["outcome"] | "unavailable"): void;
  callStarted(call: CallRecord): void;
  callAnswered(call: CallRecord): void;
  callEnded(call: CallRecord): void;
  /** Every message that came or went; `message` is undefined for bytes that were none. `bytes`: to be asked at once. */
  message(
    direction: "received" | "sent",
    bytes: () => Buffer,
    flow: Flow,
    message: SipMessage | undefined,
  ): void;
}

/** An observer that looks away. */
export const noObserver: SignalingObserver = {
  requestAnswered: lookAway,
  registration: lookAway,
  requestRefused: lookAway,
  enrollment: lookAway,
  callStarted: lookAway,
  callAnswered: lookAway,
  callEnded: lookAway,
  message: lookAway,
};

function lookAway(): void {
  // Nobody asked.
}
