import type { SipRequest, SipResponse } from "../../../sip/message/sip-message.ts";
import { PhoneDigest } from "./phone-digest.ts";
import { type SignedInPhone, userAgentOf } from "./seed-signed-in-devices.ts";
import { seededBetween, seededPortion } from "./seeded-portion.ts";

/** When, in gateway time, a phone did what, since its log was last begun anew. Milliseconds since 1970. */
export interface PhoneLog {
  /** It got a NOTIFY check-sync; a retransmission does not count. */
  readonly asked: number[];
  /** It got its configuration. */
  readonly fetched: number[];
  /** A REGISTER of it was answered 200. */
  readonly registered: number[];
}

/** What a phone does next. */
export type PhoneTask = "register" | "fetch";

/** Expiries that the phones ask for: the one of their configuration, and the longest that is granted. */
const usualExpiresSeconds = 1800;
const longestExpiresSeconds = 3300;
const shareOfLongest = 0.5;
/** When phones refresh: this part of the granted expiry, each phone always the same. */
const refreshPortions = [0.5, 0.9] as const;
/** Phones that register again with their next refresh only when they find their account as it was. */
const shareOfIdle = 0.5;
/** How long a phone takes from NOTIFY to fetch, and from there to its next registration, in seconds. */
const reactionSeconds = [1, 30] as const;

/**
 * A signed-in desk phone, light enough to be there ten thousand times: it registers and refreshes,
 * agrees to check-sync, fetches some seconds later, and registers again some seconds after that, or
 * with its next refresh.
 * It holds no socket and no timer: it says when something is due and what is to be sent.
 */
export class DeskPhone {
  readonly identity: SignedInPhone;
  /** User part of its Contact, and its Call-ID. */
  readonly contactUser: string;
  readonly #local: string;
  readonly #digest: PhoneDigest;
  readonly #expiresSeconds: number;
  /** Never one with the longest expiry: two of its refreshes may be further apart than an hour. */
  readonly #waitsForRefresh: boolean;
  #cseq = 0;
  #registerAt: number;
  #fetchAt = Number.POSITIVE_INFINITY;
  #hasRegistered = false;
  #hasConfiguration = false;
  #lastNotify = "";
  #log: PhoneLog = newLog();

  /**
   * @param local `127.0.0.1:PORT` of its socket
   * @param startMilliseconds gateway time of its first registration
   */
  constructor(identity: SignedInPhone, local: string, startMilliseconds: number) {
    const { number, authenticationName: username, password } = identity;
    this.identity = identity;
    this.contactUser = `phone-${number}`;
    this.#local = local;
    this.#digest = new PhoneDigest(number % 2 === 0 ? "MD5" : "SHA-256", { username, password });
    const isLongest = this.#portion("expires") < shareOfLongest;
    this.#expiresSeconds = isLongest ? longestExpiresSeconds : usualExpiresSeconds;
    this.#waitsForRefresh = !isLongest && this.#portion("idle") < shareOfIdle;
    this.#registerAt = startMilliseconds;
  }

  get log(): PhoneLog {
    return this.#log;
  }

  beginLog(): void {
    this.#log = newLog();
  }

  /** What is due at this gateway time; undefined: nothing. */
  dueTask(nowMilliseconds: number): PhoneTask | undefined {
    if (this.#fetchAt <= nowMilliseconds) return "fetch";
    return this.#registerAt <= nowMilliseconds ? "register" : undefined;
  }

  /** A REGISTER with a CSeq of its own, authorized when a challenge is known. */
  buildRegister(): { readonly cseq: number; readonly text: string } {
    this.#cseq++;
    const { aor, domain, macAddress } = this.identity;
    const uri = `sip:${domain}`;
    const lines = [
      `REGISTER ${uri} SIP/2.0`,
      `Via: SIP/2.0/UDP ${this.#local};branch=z9hG4bK-${this.contactUser}-${this.#cseq};rport`,
      "Max-Forwards: 70",
      `From: <${aor}>;tag=${this.contactUser}`,
      `To: <${aor}>`,
      `Call-ID: ${this.contactUser}`,
      `CSeq: ${this.#cseq} REGISTER`,
      `Contact: <sip:${this.contactUser}@${this.#local}>`,
      `Expires: ${this.#expiresSeconds}`,
      `User-Agent: ${userAgentOf(macAddress)}`,
      ...this.#digest.authorization("REGISTER", uri),
      "Content-Length: 0",
    ];
    return { cseq: this.#cseq, text: `${lines.join("\r\n")}\r\n\r\n` };
  }

  /**
   * Takes the answer to its latest REGISTER.
   * @returns whether it must send another one, with the challenge answered
   * @throws Error for any answer that leaves it without a registration
   */
  takeAnswer(response: SipResponse, nowMilliseconds: number): "again" | "registered" {
    if (response.status === 401 && this.#digest.challenged(response)) return "again";
    const granted = this.#grantedSeconds(response);
    if (response.status !== 200 || granted === undefined) {
      throw new Error(`${this.contactUser} was answered ${response.status} ${response.reason}.`);
    }
    this.#log.registered.push(nowMilliseconds);
    // The first refresh comes at any time, so that refreshes are spread from the beginning.
    const portion = this.#hasRegistered ? 1 : this.#portion("first refresh");
    const seconds = granted * this.#between("refresh", ...refreshPortions) * portion;
    this.#registerAt = nowMilliseconds + seconds * 1000;
    this.#hasRegistered = true;
    return "registered";
  }

  /** Takes a request of the gateway. @returns the response to send */
  takeRequest(request: SipRequest, nowMilliseconds: number): string {
    const isCheckSync =
      request.method === "NOTIFY" && request.headers.get("Event") === "check-sync;reboot=false";
    if (!isCheckSync) return this.#respond(request, 405, "Method Not Allowed");
    const name = `${request.callId} ${request.headers.get("CSeq")}`;
    if (name !== this.#lastNotify) {
      this.#lastNotify = name;
      this.#log.asked.push(nowMilliseconds);
      this.#fetchAt = nowMilliseconds + this.#between("fetch", ...reactionSeconds) * 1000;
    }
    return this.#respond(request, 200, "OK");
  }

  /**
   * Takes the configuration that it fetched.
   * @throws Error when it is not its own
   */
  takeConfiguration(text: string, nowMilliseconds: number): void {
    if (!text.includes(this.identity.authenticationName)) {
      throw new Error(`${this.contactUser} was given another phone's configuration.`);
    }
    this.#log.fetched.push(nowMilliseconds);
    this.#fetchAt = Number.POSITIVE_INFINITY;
    const isFirst = !this.#hasConfiguration;
    this.#hasConfiguration = true;
    if (this.#waitsForRefresh && !isFirst) return;
    const again = nowMilliseconds + this.#between("apply", ...reactionSeconds) * 1000;
    this.#registerAt = Math.min(this.#registerAt, again);
  }

  #respond(request: SipRequest, status: number, reason: string): string {
    const { headers } = request;
    const lines = [
      `SIP/2.0 ${status} ${reason}`,
      ...headers.getAll("Via").map((via) => `Via: ${via}`),
      `From: ${headers.get("From")}`,
      `To: ${headers.get("To")};tag=${this.contactUser}`,
      `Call-ID: ${request.callId}`,
      `CSeq: ${headers.get("CSeq")}`,
      "Content-Length: 0",
    ];
    return `${lines.join("\r\n")}\r\n\r\n`;
  }

  #grantedSeconds(response: SipResponse): number | undefined {
    const own = response.headers
      .getAll("Contact")
      .find((contact) => contact.includes(`<sip:${this.contactUser}@${this.#local}>`));
    const granted = /;expires=([0-9]+)/.exec(own ?? "")?.[1];
    return granted === undefined ? undefined : Number(granted);
  }

  #portion(what: string): number {
    return seededPortion(`${this.contactUser} ${what}`);
  }

  #between(what: string, least: number, most: number): number {
    return seededBetween(`${this.contactUser} ${what}`, least, most);
  }
}

function newLog(): PhoneLog {
  return { asked: [], fetched: [], registered: [] };
}
