import { randomInt } from "node:crypto";
import { lookup } from "node:dns/promises";
import { isIP } from "node:net";
import { SipProxy } from "../../sip/proxy/sip-proxy.ts";
import { TransactionLayer } from "../../sip/transaction/transaction-layer.ts";
import type { TransportName } from "../../sip/transport/flow.ts";
import { TransportLayer } from "../../sip/transport/transport-layer.ts";
import { UserAgentClient } from "../../sip/user-agent/user-agent-client.ts";
import type { Device } from "../domain/device.ts";
import type { MacAddress } from "../domain/mac-address.ts";
import type { TenantId } from "../domain/tenant.ts";
import { AnnouncementCalls } from "./announcements/announcement-calls.ts";
import { Announcer } from "./announcements/announcer.ts";
import { RtpPorts } from "./announcements/rtp-sender.ts";
import { CredentialDirectory } from "./authentication/credential-directory.ts";
import { RequestAuthenticator } from "./authentication/request-authenticator.ts";
import { BindingTargets } from "./binding-targets.ts";
import type { ActivationCalls } from "./calls/activation-calls.ts";
import { CallLog, type CallRecord } from "./calls/call-log.ts";
import { Callers } from "./calls/callers.ts";
import type { Calls } from "./calls/calls.ts";
import { makeCalls } from "./calls/make-calls.ts";
import { DeviceMessages } from "./device-messages.ts";
import { DialogRouter } from "./dialog-router.ts";
import type { NotifyOutcome } from "./notify-outcome.ts";
import { RefusedRequests } from "./refused-requests.ts";
import { Registrar } from "./registrar/registrar.ts";
import { RegistrationNews } from "./registrar/registration-news.ts";
import { ServedDomains } from "./served-domains.ts";
import type { SignalingCounters } from "./signaling-counters.ts";
import { noObserver } from "./signaling-observer.ts";
import { listenersOf } from "./sip-listeners.ts";
import type { SipServerOptions } from "./sip-server-options.ts";
import { StatelessReplies } from "./stateless-replies.ts";
import { StatelessRouter } from "./stateless-router.ts";
import { TransportWatch } from "./transport-watch.ts";

export type { SignalingCounters } from "./signaling-counters.ts";
export type { SipServerOptions } from "./sip-server-options.ts";

const defaultRegistrationsInProgress = 10_000;

/** How long `stop` waits for what is in flight. */
const mostDrainMilliseconds = 4000;
const drainCheckMilliseconds = 25;

/** The SIP side of the gateway: transports, transactions, registrar and calls, made and wired. */
export class SipServer {
  readonly #options: SipServerOptions;
  readonly #transport: TransportLayer;
  readonly #transactions: TransactionLayer;
  readonly #proxy: SipProxy;
  readonly #registrar: Registrar;
  readonly #stateless: StatelessRouter;
  readonly #calls: Calls;
  readonly #activations: ActivationCalls;
  readonly #announcements = new AnnouncementCalls();
  readonly #rtpPorts: RtpPorts;
  readonly #callLog: CallLog;
  readonly #messages: DeviceMessages;
  #mediaAddress: string;
  #listening = false;

  /** @throws SipParseError, TypeError when the trunk's URI is no SIP URI */
  constructor(options: SipServerOptions) {
    const { clock, stores, logger, tenant, nodeId, bindAddress, mediaPorts } = options;
    const observer = options.observer ?? noObserver;
    this.#options = options;
    this.#mediaAddress = options.publicAddress;
    this.#rtpPorts = new RtpPorts({ bindAddress, ...mediaPorts, clock });
    this.#callLog = new CallLog(clock, observer);
    this.#transport = this.#makeTransport();
    const transport = this.#transport;
    this.#transactions = new TransactionLayer({
      clock,
      transport,
      user: {
        onStatelessRequest: (incoming) => this.#stateless.route(incoming),
        onRequest: (transaction, incoming) => router.onRequest(transaction, incoming),
        onAck: (incoming) => router.onAck(incoming),
        onStrayResponse: () => undefined,
      },
    });
    const transactions = this.#transactions;
    const client = new UserAgentClient({ transactions, transport });
    const targets = new BindingTargets({ transport, nodeId });
    const gatewayUri = () => this.#contactUri("UDP");
    this.#messages = new DeviceMessages(options, { client, targets, transport, gatewayUri });
    const domains = new ServedDomains({ tenantDomain: tenant.domain, ...options });
    this.#proxy = new SipProxy({
      clock,
      transactions,
      transport,
      tokenSecret: options.secrets.flowToken,
      isOwnUri: (uri) => uri.port === undefined && domains.serves(uri.host),
      onFault: (error, where) => logger.error({ err: error, where }, "Signaling met a fault"),
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
    const replies = new StatelessReplies({ sender: transport, tagSeed: randomInt(2 ** 32) });
    const news = new RegistrationNews({ stores, clock, logger });
    const refusals = new RefusedRequests({ stores, clock, logger, observer, tenantId: tenant.id });
    this.#registrar = new Registrar({
      nodeId,
      clock,
      stores,
      limits: options.registrationLimits,
      mostInProgress: options.mostRegistrationsInProgress ?? defaultRegistrationsInProgress,
      domains,
      authenticator,
      replies,
      news,
      arrivals: this.#messages.arrivals,
      refusals,
      observer,
      logger,
    });
    const callers = new Callers({ authenticator, domains, refusals });
    this.#stateless = new StatelessRouter({
      domains,
      registrar: this.#registrar,
      callers,
      refusalInDialog: (request) => router.refusalOf(request),
      refusals,
      replies,
    });
    const announcer = new Announcer({
      clock,
      client,
      rtpPorts: this.#rtpPorts,
      announcements: this.#announcements,
      mediaAddress: () => this.#mediaAddress,
      contactUriFor: (name) => this.#contactUri(name),
      callLog: this.#callLog,
    });
    const { calls, activations } = makeCalls(options, {
      domains,
      callers,
      targets,
      announcer,
      proxy: this.#proxy,
      callLog: this.#callLog,
      onEnrolled: (device) => this.#messages.resyncInBackground(device),
      isMerged: (transaction) => transactions.isMerged(transaction),
    });
    this.#calls = calls;
    this.#activations = activations;
    const router = new DialogRouter({
      announcements: this.#announcements,
      calls: this.#calls,
      callLog: this.#callLog,
      proxy: this.#proxy,
    });
  }

  /** Opens every socket. @throws the system's error when one cannot be opened; none stays open then */
  async start(): Promise<void> {
    const { publicAddress } = this.#options;
    // Phones' SDP wants an address; a name that does not resolve must not keep the gateway from starting.
    if (isIP(publicAddress) === 0) this.#mediaAddress = await this.#resolveMediaAddress();
    await this.#transport.start();
    this.#listening = true;
    this.#messages.start();
  }

  /** Takes nothing new, answers what is in flight, at most for 4 s, and closes every socket. */
  async stop(): Promise<void> {
    this.#listening = false;
    this.#stateless.stopAccepting();
    this.#activations.stop();
    this.#announcements.stop();
    await this.#drain();
    this.#transactions.stop();
    await this.#messages.stop();
    this.#rtpPorts.stop();
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

  /** Calls in progress, then the last ones that ended, newest first. */
  listCalls(): readonly CallRecord[] {
    return this.#callLog.list();
  }

  /**
   * Asks a device's phone to fetch its configuration.
   * @throws StoreUnavailableError
   */
  resyncDevice(device: Device): Promise<NotifyOutcome> {
    return this.#messages.resync(device);
  }

  /**
   * Tells a device's phone to fetch its configuration, and resolves as soon as that is on its way:
   * its bindings may be ended then. What the phone says goes into the device's history.
   * @param device as it was when its phone registered: a phone that asks is answered with its accounts
   * @throws StoreUnavailableError
   */
  tellDevice(device: Device): Promise<void> {
    return this.#messages.tell(device);
  }

  /**
   * Delivers what commands are queued for a device: now, or when its phone registers. Resolves when
   * there is nothing more to be done now, after 32 s and more where the phone is silent. Never rejects.
   */
  deliverCommands(tenantId: TenantId, macAddress: MacAddress): Promise<void> {
    return this.#messages.deliverCommands(tenantId, macAddress);
  }

  /** Running totals and sizes, for metrics to read. */
  get counters(): SignalingCounters {
    return {
      transport: this.#transport.counters,
      transactions: this.#transactions.counters,
      proxy: this.#proxy.counters,
      openTransactions: this.#transactions.size,
      registrationsInProgress: this.#registrar.inProgress,
      callsInProgress: this.#callLog.inProgress,
    };
  }

  #makeTransport(): TransportLayer {
    const { clock, logger, observer, publicAddress, transportLimits } = this.#options;
    return new TransportLayer({
      clock,
      listeners: listenersOf(this.#options),
      advertised: { host: publicAddress },
      handlers: {
        onRequest: (incoming) => this.#transactions.receiveRequest(incoming),
        onResponse: (response, flow) => this.#transactions.receiveResponse(response, flow),
        onFlowClosed: (flow) => this.#transactions.flowClosed(flow),
        onFault: (error, where) => logger.error({ err: error, where }, "Signaling met a fault"),
      },
      ...(observer === undefined ? {} : { observer: new TransportWatch(observer) }),
      ...(transportLimits === undefined ? {} : { limits: transportLimits }),
    });
  }

  #contactUri(transport: TransportName): string {
    const parameter = transport === "UDP" ? "" : `;transport=${transport.toLowerCase()}`;
    return `sip:gateway@${this.#transport.sentByFor(transport)}${parameter}`;
  }

  async #resolveMediaAddress(): Promise<string> {
    const { publicAddress, bindAddress, logger } = this.#options;
    try {
      return (await lookup(publicAddress)).address;
    } catch (error) {
      logger.warn({ err: error, publicAddress }, "The public address does not resolve");
      return bindAddress;
    }
  }

  async #drain(): Promise<void> {
    const { clock } = this.#options;
    const checks = Math.ceil(mostDrainMilliseconds / drainCheckMilliseconds);
    for (let check = 0; check < checks; check++) {
      // Always once: what was just sent leaves its socket within a turn or two of the event loop.
      await new Promise<void>((resolve) => clock.schedule(drainCheckMilliseconds, resolve));
      if (this.#registrar.inProgress === 0 && this.#calls.inProgress === 0) return;
    }
  }
}
