import { newBranch } from "../message/identifiers.ts";
import type { SipRequest } from "../message/sip-message.ts";
import { SipParseError } from "../message/sip-parse-error.ts";
import type { Flow } from "../transport/flow.ts";
import { TransportError } from "../transport/transport-error.ts";
import type { TransportLayer } from "../transport/transport-layer.ts";
import type { DialogRoute } from "./dialog-route.ts";
import { buildForwardedCopy } from "./forward-request.ts";
import { NextHopError } from "./next-hop-error.ts";
import type { ProxyCounters } from "./proxy-counters.ts";
import type { ProxyTarget } from "./proxy-target.ts";
import { readMaxForwards } from "./validate-forwarding.ts";

/** What the relay of ACKs is made of. */
export interface AckRelayOptions {
  readonly transport: Pick<TransportLayer, "viaFor" | "sendRequest">;
  readonly counters: ProxyCounters;
  readonly findRoute: (ack: SipRequest) => DialogRoute;
  readonly selectFlow: (target: ProxyTarget) => Promise<Flow>;
  readonly onFault: (error: unknown) => void;
}

/**
 * Relays ACKs to 2xx without a transaction (RFC 3261 §16.11): none is answered, and the callee
 * repeats its 2xx where one is lost.
 */
export class AckRelay {
  readonly #options: AckRelayOptions;

  constructor(options: AckRelayOptions) {
    this.#options = options;
  }

  /** @returns false when the ACK does not go by us, or has gone too far: it is dropped */
  relay(ack: SipRequest): boolean {
    const { counters, findRoute } = this.#options;
    const route = findRoute(ack);
    if (route.outcome !== "relay" || readMaxForwards(ack) === 0) {
      counters.droppedAcks++;
      return false;
    }
    const { target } = route;
    if (target.flow !== undefined) this.#send(ack, target, target.flow);
    else void this.#findFlowAndSend(ack, target);
    return true;
  }

  async #findFlowAndSend(ack: SipRequest, target: ProxyTarget): Promise<void> {
    try {
      this.#send(ack, target, await this.#options.selectFlow(target));
    } catch (error) {
      this.#dropped(error);
    }
  }

  #send(ack: SipRequest, target: ProxyTarget, flow: Flow): void {
    const { transport, counters } = this.#options;
    const copy = buildForwardedCopy(ack, {
      requestUri: target.uri,
      routes: target.routes ?? [],
      recordRoutes: [],
    });
    copy.headers.prepend("Via", transport.viaFor(flow, newBranch()));
    try {
      transport.sendRequest(copy, flow);
      counters.relayedAcks++;
    } catch (error) {
      this.#dropped(error);
    }
  }

  #dropped(error: unknown): void {
    this.#options.counters.droppedAcks++;
    const expected =
      error instanceof TransportError ||
      error instanceof NextHopError ||
      error instanceof SipParseError;
    if (!expected) this.#options.onFault(error);
  }
}
