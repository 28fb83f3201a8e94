import { randomInt } from "node:crypto";
import type { TransportName } from "../../sip/transport/flow.ts";
import type { TransportCounters } from "../../sip/transport/transport-counters.ts";
import { type ListenerOptions, TransportLayer } from "../../sip/transport/transport-layer.ts";
import { CredentialDirectory } from "./authentication/credential-directory.ts";
import { RequestAuthenticator } from "./authentication/request-authenticator.ts";
import { Registrar } from "./registrar/registrar.ts";
import { RegistrationNews } from "./registrar/registration-news.ts";
import { ServedDomains } from "./served-domains.ts";
import { noObserver } from "./signaling-observer.ts";
import type { SipServerOptions } from "./sip-server-options.ts";
import { StatelessReplies } from "./stateless-replies.ts";
import { StatelessRouter } from "./stateless-router.ts";

export type { SipServerOptions } from "./sip-server-options.ts";

const defaultRegistrationsInProgress = 10_000;

/** The SIP side of the gateway: transports, transactions, registrar and calls, made and wired. */
export class SipServer {
  readonly #transport: TransportLayer;
  #listening = false;

  constructor(options: SipServerOptions) {
    const { clock, stores, logger, tenant } = options;
    const observer = options.observer ?? noObserver;
    const transport = new TransportLayer({
      clock,
      listeners: listenersOf(options),
      advertised: { host: options.publicAddress },
      handlers: {
        onRequest: (incoming) => void router.route(incoming),
        onResponse: () => undefined,
        onFault: (error, where) => logger.error({ err: error, where }, "Signaling met a fault"),
      },
      observer: {
        onMessage: (direction, bytes, flow, message) =>
          observer.message(direction, bytes, flow, message),
      },
      ...(options.transportLimits === undefined ? {} : { limits: options.transportLimits }),
    });
    this.#transport = transport;
    const domains = new ServedDomains({ tenantDomain: tenant.domain, ...options });
    const replies = new StatelessReplies({
      sender: transport,
      observer,
      tagSeed: randomInt(2 ** 32),
    });
    const authenticator = new RequestAuthenticator({
      clock,
      nonceSecret: options.secrets.nonce,
      directory: new CredentialDirectory({
        stores,
        tenant,
        onboardingAccounts: options.onboardingAccounts,
      }),
    });
    const registrar = new Registrar({
      nodeId: options.nodeId,
      clock,
      stores,
      limits: options.registrationLimits,
      mostInProgress: options.mostRegistrationsInProgress ?? defaultRegistrationsInProgress,
      domains,
      authenticator,
      replies,
      news: new RegistrationNews({ stores, clock, logger }),
      observer,
      logger,
    });
    const router = new StatelessRouter({ domains, registrar, replies });
  }

  async start(): Promise<void> {
    await this.#transport.start();
    this.#listening = true;
  }

  async stop(): Promise<void> {
    this.#listening = false;
    await this.#transport.stop();
  }

  /** Whether every socket is open: SIP's part of /readyz. */
  get listening(): boolean {
    return this.#listening;
  }

  /** The port that this transport listens on; undefined when it is not spoken. */
  portOf(transport: TransportName): number | undefined {
    return this.#transport.portOf(transport);
  }

  get transportCounters(): TransportCounters {
    return this.#transport.counters;
  }
}

function listenersOf(options: SipServerOptions): ListenerOptions[] {
  const { bindAddress: address, sipPort: port, tls } = options;
  const listeners: ListenerOptions[] = [
    { transport: "UDP", address, port },
    { transport: "TCP", address, port },
  ];
  if (tls !== undefined) listeners.push({ transport: "TLS", address, port: tls.port, tls });
  return listeners;
}
