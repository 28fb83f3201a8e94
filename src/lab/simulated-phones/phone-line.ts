import type { Clock } from "../../../sip/clock.ts";
import { DigestSession } from "../../../sip/digest/digest-session.ts";
import { buildResponse } from "../../../sip/message/build-response.ts";
import type { NameAddress } from "../../../sip/message/name-address.ts";
import type { SipRequest } from "../../../sip/message/sip-message.ts";
import { escapeUser, parseUri } from "../../../sip/message/sip-uri.ts";
import type { ServerTransaction } from "../../../sip/transaction/transaction-layer.ts";
import { type AnsweredCall, IncomingCall } from "./incoming-call.ts";
import { LineRegistration } from "./line-registration.ts";
import { NotifyGuard } from "./notify-guard.ts";
import { type CallResult, OutgoingCall } from "./outgoing-call.ts";
import type { PhoneIdentity } from "./phone-identity.ts";
import type { LineSettings, NotifySettings } from "./phone-settings.ts";
import type { RegistrationState } from "./registration-state.ts";
import type { Answer } from "./send-in-flow.ts";
import { SipEndpoint } from "./sip-endpoint.ts";
import { type NotifyReaction, readNotifyEvent, type VendorBehavior } from "./vendor-behavior.ts";

/** A NOTIFY that came outside of any subscription, and what the phone said and does. */
export interface ReceivedNotify {
  /** The Event header field. */
  readonly event: string;
  /** The answer: 200, 401 to be asked again with credentials, 489 for an event it does not know. */
  readonly status: number;
  /** What the phone does now; `nothing` unless `status` is 200. */
  readonly reaction: NotifyReaction;
}

/** What a line is made of. */
export interface PhoneLineOptions {
  readonly clock: Clock;
  readonly identity: PhoneIdentity;
  readonly behavior: VendorBehavior;
  readonly settings: LineSettings;
  readonly notify: NotifySettings;
  /** Calls are answered and ended after this time; undefined: nobody sits beside the phone. */
  readonly answersForSeconds: number | undefined;
  readonly onRegistration: (state: RegistrationState) => void;
  readonly onNotify: (notify: ReceivedNotify) => void;
  readonly onAnsweredCall: (call: AnsweredCall) => void;
  readonly onFault: (error: unknown) => void;
}

const allowedMethods = "INVITE, ACK, BYE, CANCEL, OPTIONS, NOTIFY, INFO";

/** One account of a phone at work: registered, able to dial, answering what it is asked. */
export class PhoneLine {
  readonly settings: LineSettings;
  readonly #options: PhoneLineOptions;
  readonly #endpoint: SipEndpoint;
  readonly #session: DigestSession;
  readonly #registration: LineRegistration;
  readonly #guard: NotifyGuard | undefined;
  readonly #aor: NameAddress;
  readonly #contactUri: string;
  #call: OutgoingCall | IncomingCall | undefined;
  /** An INVITE is being answered. */
  #answering = false;

  private constructor(options: PhoneLineOptions, endpoint: SipEndpoint) {
    const { settings, clock, notify, behavior, identity } = options;
    this.settings = settings;
    this.#options = options;
    this.#endpoint = endpoint;
    const user = escapeUser(settings.user);
    const transport = settings.transport === "TCP" ? ";transport=tcp" : "";
    this.#contactUri = `sip:${user}@${endpoint.hostPort}${transport}`;
    this.#aor = {
      displayName: settings.displayName === "" ? undefined : settings.displayName,
      uri: parseUri(`sip:${user}@${this.#domain}`),
      parameters: new Map(),
    };
    const { authenticationName: username, password } = settings;
    this.#session = new DigestSession({ username, password });
    this.#guard = notify.challenges ? new NotifyGuard(settings, clock) : undefined;
    this.#registration = new LineRegistration({
      clock,
      endpoint,
      session: this.#session,
      userAgent: behavior.sipUserAgent(identity),
      aor: this.#aor,
      registrarUri: `sip:${this.#domain}`,
      contactUri: this.#contactUri,
      contactParameters: behavior.contactParameters(identity),
      expiresSeconds: settings.expiresSeconds,
      onState: options.onRegistration,
    });
  }

  /** Opens the line's socket; nothing is sent yet. @throws the system's error when it cannot be opened */
  static async open(options: PhoneLineOptions): Promise<PhoneLine> {
    const endpoint = await SipEndpoint.open({
      clock: options.clock,
      transport: options.settings.transport,
      proxy: options.settings.proxy,
      onRequest: (transaction) => line.#onRequest(transaction),
      onAck: (ack) => line.#onAck(ack),
      onDisconnected: () => line.#registration.reconnect(),
      onFault: options.onFault,
    });
    const line: PhoneLine = new PhoneLine(options, endpoint);
    return line;
  }

  get registration(): RegistrationState {
    return this.#registration.state;
  }

  /** Registers, and keeps registered from then on. Never rejects. */
  register(): Promise<RegistrationState> {
    return this.#registration.register();
  }

  /**
   * Dials as a person does, and resolves when the call is over. A phone has one call at a time: a
   * second is answered 486 without asking anybody.
   */
  async dial(number: string): Promise<CallResult> {
    if (this.#call !== undefined || this.#answering)
      return unanswered({ status: 486, reason: "The phone is in a call" });
    const { clock, behavior, identity } = this.#options;
    const call = await OutgoingCall.start({
      clock,
      endpoint: this.#endpoint,
      session: this.#session,
      userAgent: behavior.sipUserAgent(identity),
      aor: this.#aor,
      contactUri: this.#contactUri,
      target: behavior.dialedUri(escapeUser(number), this.#domain),
    });
    if (!(call instanceof OutgoingCall)) return unanswered(call);
    this.#call = call;
    const result = await call.ended;
    this.#call = undefined;
    return result;
  }

  /** Puts the receiver down. */
  hangUp(): void {
    this.#call?.hangUp();
  }

  /** Resolves when no call is going on. */
  async idle(): Promise<void> {
    await this.#call?.ended;
  }

  /** Un-registers and closes. @returns the registrar's answer; undefined where the line was not registered */
  async close(): Promise<Answer | undefined> {
    this.hangUp();
    const answer = await this.#registration.unregister();
    await this.#endpoint.stop();
    return answer;
  }

  /** As when the power goes: nothing is sent, the binding is left to expire. */
  async cut(): Promise<void> {
    this.#call?.abandon();
    this.#registration.abandon();
    await this.#endpoint.stop();
  }

  /** The AOR's host as this vendor's phones write it. */
  get #domain(): string {
    const { domain, domainPort } = this.settings;
    return domainPort === undefined ? domain : `${domain}:${domainPort}`;
  }

  #onRequest(transaction: ServerTransaction): void {
    const { request } = transaction;
    if (request.to.parameters.has("tag")) {
      if (this.#call?.matches(request) === true) this.#call.onRequest(transaction);
      else this.#answer(transaction, 481);
      return;
    }
    switch (request.method) {
      case "OPTIONS":
        this.#answer(transaction, 200, [["Accept", "application/sdp"]]);
        return;
      case "NOTIFY":
        this.#onNotify(transaction);
        return;
      case "INVITE":
        this.#onInvite(transaction);
        return;
      default:
        this.#answer(transaction, 405);
    }
  }

  #onAck(ack: SipRequest): void {
    if (this.#call instanceof IncomingCall && this.#call.matches(ack)) this.#call.onAck();
  }

  #onInvite(transaction: ServerTransaction): void {
    const { answersForSeconds, onFault } = this.#options;
    if (answersForSeconds === undefined) this.#answer(transaction, 480);
    else if (this.#call !== undefined || this.#answering) this.#answer(transaction, 486);
    else {
      this.#answering = true;
      this.#takeCall(transaction, answersForSeconds)
        .catch(onFault)
        .finally(() => {
          this.#answering = false;
        });
    }
  }

  async #takeCall(transaction: ServerTransaction, hangUpAfterSeconds: number): Promise<void> {
    const { clock, behavior, identity, onAnsweredCall } = this.#options;
    const call = await IncomingCall.answer(
      {
        clock,
        endpoint: this.#endpoint,
        userAgent: behavior.sipUserAgent(identity),
        contactUri: this.#contactUri,
        hangUpAfterSeconds,
      },
      transaction,
    );
    this.#call = call;
    void call.ended.then((ended) => {
      this.#call = undefined;
      onAnsweredCall(ended);
    });
  }

  #onNotify(transaction: ServerTransaction): void {
    const { behavior, notify, onNotify } = this.#options;
    const event = transaction.request.headers.get("Event") ?? "";
    const reaction = notify.heeds ? behavior.reactTo(readNotifyEvent(event), notify) : "unknown";
    if (reaction === "unknown") {
      this.#answer(transaction, 489);
      onNotify({ event, status: 489, reaction: "nothing" });
    } else if (this.#guard?.admits(transaction.request) === false) {
      this.#answer(transaction, 401, this.#guard.challenge());
      onNotify({ event, status: 401, reaction: "nothing" });
    } else {
      this.#answer(transaction, 200);
      onNotify({ event, status: 200, reaction });
    }
  }

  #answer(
    transaction: ServerTransaction,
    status: number,
    extra: readonly (readonly [string, string])[] = [],
  ): void {
    const { behavior, identity } = this.#options;
    const { request, toTag } = transaction;
    const headers = [
      ["User-Agent", behavior.sipUserAgent(identity)] as const,
      ["Allow", allowedMethods] as const,
      ...extra,
    ];
    transaction.respond(buildResponse(request, status, undefined, { toTag, headers }));
  }
}

function unanswered({ status, reason }: Pick<Answer, "status" | "reason">): CallResult {
  return { status, reason, rtpPackets: 0, endedBy: undefined };
}
