import type { Clock, Timer } from "../../../sip/clock.ts";
import type { DigestSession } from "../../../sip/digest/digest-session.ts";
import type { Contacts } from "../../../sip/message/contact.ts";
import { newCallId, newTag } from "../../../sip/message/identifiers.ts";
import type { NameAddress } from "../../../sip/message/name-address.ts";
import type { SipResponse } from "../../../sip/message/sip-message.ts";
import { SipParseError } from "../../../sip/message/sip-parse-error.ts";
import { isSipUri, parseUri } from "../../../sip/message/sip-uri.ts";
import { buildRequest } from "../../../sip/user-agent/build-request.ts";
import type { RegistrationState } from "./registration-state.ts";
import { type Answer, sendInFlow } from "./send-in-flow.ts";
import type { SipEndpoint } from "./sip-endpoint.ts";

/** What a registration is made of. */
export interface LineRegistrationOptions {
  readonly clock: Clock;
  readonly endpoint: SipEndpoint;
  readonly session: DigestSession;
  readonly userAgent: string;
  /** The AOR, as From and To. */
  readonly aor: NameAddress;
  /** The Request-URI: the domain. */
  readonly registrarUri: string;
  readonly contactUri: string;
  /** Behind the Contact's URI. */
  readonly contactParameters: string;
  readonly expiresSeconds: number;
  readonly onState: (state: RegistrationState) => void;
}

const firstRetryMilliseconds = 15_000;
const lastRetryMilliseconds = 15 * 60_000;
const reconnectMilliseconds = 2_000;

/**
 * A phone's registration (RFC 3261 §10.2): one Call-ID and rising CSeq for as long as it runs,
 * refreshed at half of what was granted, tried again after failures at doubling intervals.
 */
export class LineRegistration {
  readonly #options: LineRegistrationOptions;
  readonly #callId = newCallId();
  readonly #fromTag = newTag();
  #sequence = 0;
  #expiresSeconds: number;
  #failures = 0;
  #timer: Timer | undefined;
  #ended = false;
  #underWay: Promise<RegistrationState> | undefined;
  #state: RegistrationState = { kind: "unregistered" };

  constructor(options: LineRegistrationOptions) {
    this.#options = options;
    this.#expiresSeconds = options.expiresSeconds;
  }

  get state(): RegistrationState {
    return this.#state;
  }

  /** Registers or refreshes now, or waits for what is under way. Never rejects: the state says what became of it. */
  register(): Promise<RegistrationState> {
    this.#underWay ??= this.#register().finally(() => {
      this.#underWay = undefined;
    });
    return this.#underWay;
  }

  /** Ends the binding (§10.2.2). @returns the registrar's answer; undefined where there was nothing to end */
  async unregister(): Promise<Answer | undefined> {
    this.abandon();
    await this.#underWay;
    if (this.#state.kind !== "registered") return undefined;
    const answer = await this.#send(0);
    this.#enter({ kind: "unregistered" });
    return answer;
  }

  /** The connection that the binding stands on ended: registers anew soon, on another one. */
  reconnect(): void {
    if (this.#ended || this.#underWay !== undefined) return;
    this.#enter({ kind: "registering" });
    this.#schedule(reconnectMilliseconds);
  }

  /** Sends no more refreshes; the binding is left to expire. */
  abandon(): void {
    this.#ended = true;
    this.#timer?.cancel();
  }

  async #register(): Promise<RegistrationState> {
    this.#timer?.cancel();
    if (this.#state.kind !== "registered") this.#enter({ kind: "registering" });
    let answer = await this.#send(this.#expiresSeconds);
    const least = Number(answer.response?.headers.get("Min-Expires") ?? Number.NaN);
    if (answer.status === 423 && least > this.#expiresSeconds) {
      this.#expiresSeconds = least;
      answer = await this.#send(least);
    }
    this.#enter(this.#stateFrom(answer));
    if (!this.#ended) this.#scheduleNext();
    return this.#state;
  }

  #send(expiresSeconds: number): Promise<Answer> {
    const { endpoint, session, userAgent, aor, registrarUri } = this.#options;
    const { contactUri, contactParameters } = this.#options;
    const request = buildRequest({
      method: "REGISTER",
      requestUri: registrarUri,
      from: aor,
      to: aor,
      callId: this.#callId,
      fromTag: this.#fromTag,
      sequence: this.#nextSequence(),
      headers: [
        ["Contact", `<${contactUri}>${contactParameters}`],
        ["Expires", String(expiresSeconds)],
        ["User-Agent", userAgent],
      ],
    });
    const nextSequence = () => this.#nextSequence();
    return sendInFlow(endpoint, request, { credentials: session, nextSequence });
  }

  #nextSequence(): number {
    this.#sequence++;
    return this.#sequence;
  }

  #stateFrom({ status, reason, response }: Answer): RegistrationState {
    if (status < 200 || status > 299 || response === undefined) {
      this.#failures++;
      return { kind: "refused", status, reason };
    }
    const expiresSeconds = grantedSeconds(response, this.#options.contactUri);
    if (expiresSeconds === undefined) {
      this.#failures++;
      return { kind: "refused", status, reason: "The answer does not name our Contact" };
    }
    this.#failures = 0;
    const now = this.#options.clock.nowMilliseconds();
    return {
      kind: "registered",
      expiresSeconds,
      expiresAtMilliseconds: now + expiresSeconds * 1000,
    };
  }

  #scheduleNext(): void {
    if (this.#state.kind === "registered") this.#schedule((this.#state.expiresSeconds / 2) * 1000);
    else {
      const retry = firstRetryMilliseconds * 2 ** (this.#failures - 1);
      this.#schedule(Math.min(retry, lastRetryMilliseconds));
    }
  }

  #schedule(delayMilliseconds: number): void {
    this.#timer?.cancel();
    this.#timer = this.#options.clock.schedule(delayMilliseconds, () => void this.register());
  }

  #enter(state: RegistrationState): void {
    this.#state = state;
    this.#options.onState(state);
  }
}

/** What a 200 grants to this Contact, in seconds (§10.2.4); undefined when it does not list it. */
function grantedSeconds(response: SipResponse, contactUri: string): number | undefined {
  const own = parseUri(contactUri);
  const contacts = contactsOf(response);
  if (!isSipUri(own) || contacts === "*") return undefined;
  const listed = contacts.find(
    ({ uri }) =>
      isSipUri(uri) && uri.user === own.user && uri.host === own.host && uri.port === own.port,
  );
  if (listed === undefined) return undefined;
  const text = listed.parameters.get("expires") ?? response.headers.get("Expires") ?? "";
  return /^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined;
}

/** None where they cannot be read. */
function contactsOf(response: SipResponse): Contacts {
  try {
    return response.contacts;
  } catch (error) {
    if (error instanceof SipParseError) return [];
    throw error;
  }
}
