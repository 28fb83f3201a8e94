import { isSipUri, parseUri } from "../../sip/message/sip-uri.ts";
import type { ProxyTarget } from "../../sip/proxy/proxy-target.ts";
import type { Flow } from "../../sip/transport/flow.ts";
import type { TransportLayer } from "../../sip/transport/transport-layer.ts";
import type { Binding } from "../domain/binding.ts";

/** Says how bindings are reached. */
export class BindingTargets {
  readonly #transport: Pick<TransportLayer, "flowById">;
  readonly #nodeId: string;

  constructor(options: { transport: Pick<TransportLayer, "flowById">; nodeId: string }) {
    this.#transport = options.transport;
    this.#nodeId = options.nodeId;
  }

  /**
   * The way to a binding. Over a connection: the one that registered it while it lives on this node,
   * else a new one to its Contact. Over UDP: to the Contact when its address is the one the REGISTER
   * came from; otherwise a NAT stands between, and what reaches the phone is the REGISTER's source.
   * A Path is followed (RFC 3327 §5.4).
   */
  of(binding: Binding): ProxyTarget {
    const target = { uri: binding.contact, routes: binding.path, registered: true };
    const flow = usesRegisteringFlow(binding) ? this.#registeringFlow(binding) : undefined;
    return flow === undefined ? target : { ...target, flow };
  }

  /** Targets in groups of the same q, the highest first (RFC 3261 §16.6). */
  groupsOf(bindings: readonly Binding[]): (readonly ProxyTarget[])[] {
    const groups = new Map<number, ProxyTarget[]>();
    for (const binding of bindings) {
      const group = groups.get(binding.q) ?? [];
      group.push(this.of(binding));
      groups.set(binding.q, group);
    }
    return [...groups].sort(([left], [right]) => right - left).map(([, targets]) => targets);
  }

  #registeringFlow(binding: Binding): Flow | undefined {
    if (binding.nodeId !== this.#nodeId) return undefined;
    const flow = this.#transport.flowById(binding.flow.id);
    return flow?.open === true ? flow : undefined;
  }
}

function usesRegisteringFlow(binding: Binding): boolean {
  if (binding.flow.transport !== "UDP" || binding.regId !== null || binding.path.length > 0) {
    return true;
  }
  const contact = parseUri(binding.contact);
  return !isSipUri(contact) || contact.host.replace(/^\[|\]$/g, "") !== binding.flow.remoteAddress;
}
