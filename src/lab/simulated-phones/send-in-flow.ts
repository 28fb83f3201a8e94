import type { SipRequest, SipResponse } from "../../../sip/message/sip-message.ts";
import { TransportError } from "../../../sip/transport/transport-error.ts";
import type { SendOptions } from "../../../sip/user-agent/user-agent-client.ts";
import type { SipEndpoint } from "./sip-endpoint.ts";

/** How a request of a phone was answered. */
export interface Answer {
  /** 408 where no answer came, 503 where nothing could be sent (RFC 3261 §8.1.3.1). */
  readonly status: number;
  readonly reason: string;
  /** Undefined where none came. */
  readonly response: SipResponse | undefined;
}

/** Sends a request other than INVITE to the proxy and waits for its final answer. Never rejects for want of one. */
export async function sendInFlow(
  endpoint: SipEndpoint,
  request: SipRequest,
  options: SendOptions,
): Promise<Answer> {
  try {
    const outcome = await endpoint.client.send(request, await endpoint.flow(), options).outcome;
    switch (outcome.kind) {
      case "response": {
        const { response } = outcome;
        return { status: response.status, reason: response.reason, response };
      }
      case "timeout":
        return noAnswer;
      case "transport-error":
        return notSent(outcome.error);
    }
  } catch (error) {
    if (!(error instanceof TransportError)) throw error;
    return notSent(error);
  }
}

/** The answer that a timeout counts as. */
export const noAnswer: Answer = { status: 408, reason: "No answer came", response: undefined };

/** The answer that a transport error counts as. */
export function notSent(error: Error): Answer {
  return { status: 503, reason: `Not sent: ${error.message}`, response: undefined };
}
