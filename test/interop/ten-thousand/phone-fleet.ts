import { setTimeout as delay } from "node:timers/promises";
import type { SipMessage, SipRequest, SipResponse } from "../../../sip/message/sip-message.ts";
import { isSipUri } from "../../../sip/message/sip-uri.ts";
import { ConfigurationFetcher } from "./configuration-fetcher.ts";
import { DeskPhone } from "./desk-phone.ts";
import { PhoneSockets } from "./phone-sockets.ts";
import type { SignedInPhone } from "./seed-signed-in-devices.ts";
import { seededBetween } from "./seeded-portion.ts";

/** Requests that wait for their answer at once: more would overflow a UDP socket's buffer. */
const mostUnanswered = 100;
/** No message for so long, and no answer missing: what a step causes has happened, NOTIFYs too. */
const quietMilliseconds = 5;
const lookMilliseconds = 2;
/** A REGISTER without an answer is sent again; UDP may lose one even here. */
const repeatMilliseconds = 1_000;
const mostSilenceMilliseconds = 20_000;

interface Unanswered {
  readonly cseq: number;
  readonly text: string;
}

/** Ten thousand phones: at each gateway time that they are told, they do what is due by then. */
export class PhoneFleet {
  readonly phones: readonly DeskPhone[];
  readonly #byContactUser: ReadonlyMap<string, DeskPhone>;
  readonly #sockets: PhoneSockets;
  readonly #fetcher: ConfigurationFetcher;
  readonly #unanswered = new Map<DeskPhone, Unanswered>();
  readonly #fetching = new Set<DeskPhone>();
  #due: DeskPhone[] = [];
  #now = 0;
  #answers = 0;
  #heardAt = 0;
  #fault: unknown;
  #onAnswer: () => void = () => {};

  private constructor(
    phones: readonly DeskPhone[],
    sockets: PhoneSockets,
    fetcher: ConfigurationFetcher,
  ) {
    this.phones = phones;
    this.#byContactUser = new Map(phones.map((phone) => [phone.contactUser, phone]));
    this.#sockets = sockets;
    this.#fetcher = fetcher;
    sockets.onMessage((message) => this.#guard(() => this.#take(message)));
  }

  /** @param start when, in gateway time, the first of the phones registers, and the last */
  static async open(
    identities: readonly SignedInPhone[],
    gateway: { readonly sipPort: number; readonly provisioningUrl: string },
    start: { readonly firstMilliseconds: number; readonly lastMilliseconds: number },
  ): Promise<PhoneFleet> {
    const sockets = await PhoneSockets.open(gateway.sipPort);
    const phones = identities.map((identity) => {
      const { number, macAddress } = identity;
      const { firstMilliseconds, lastMilliseconds } = start;
      const at = seededBetween(`start ${macAddress}`, firstMilliseconds, lastMilliseconds);
      return new DeskPhone(identity, sockets.localOf(number), at);
    });
    return new PhoneFleet(phones, sockets, new ConfigurationFetcher(gateway.provisioningUrl));
  }

  /**
   * Does all that is due at this gateway time, and resolves when all of it is answered and nothing
   * more comes.
   * @throws Error when an answer is not what a phone expects, or does not come
   */
  async run(nowMilliseconds: number): Promise<void> {
    this.#now = nowMilliseconds;
    this.#due = this.phones.filter((phone) => phone.dueTask(nowMilliseconds) !== undefined);
    this.#heardAt = performance.now();
    let repeatedAt = this.#heardAt;
    this.#sendMore();
    while (!this.#isQuiet()) {
      await delay(lookMilliseconds);
      if (this.#fault !== undefined) throw this.#fault;
      const now = performance.now();
      if (now - this.#heardAt > mostSilenceMilliseconds) {
        throw new Error(`${this.#unanswered.size} requests were never answered.`);
      }
      if (now - Math.max(this.#heardAt, repeatedAt) > repeatMilliseconds) {
        repeatedAt = now;
        for (const [phone, { text }] of this.#unanswered) {
          this.#sockets.send(phone.identity.number, text);
        }
      }
    }
  }

  /** Resolves when that many requests of the present `run` have been answered. */
  async untilAnswered(count: number): Promise<void> {
    const enough = this.#answers + count;
    await new Promise<void>((resolve) => {
      this.#onAnswer = () => {
        if (this.#answers >= enough) resolve();
      };
    });
    this.#onAnswer = () => {};
  }

  /** The gateway is gone: what is under way will not be answered, and is due again at the next `run`. */
  abandonRun(): void {
    this.#due = [];
    this.#unanswered.clear();
  }

  close(): void {
    this.#sockets.close();
    this.#fetcher.close();
  }

  #isQuiet(): boolean {
    if (this.#due.length > 0 || this.#unanswered.size > 0 || this.#fetching.size > 0) return false;
    return performance.now() - this.#heardAt >= quietMilliseconds;
  }

  #sendMore(): void {
    while (this.#unanswered.size + this.#fetching.size < mostUnanswered) {
      const phone = this.#due.pop();
      if (phone === undefined) return;
      if (phone.dueTask(this.#now) === "fetch") void this.#fetch(phone);
      else this.#register(phone);
    }
  }

  #register(phone: DeskPhone): void {
    const { cseq, text } = phone.buildRegister();
    this.#unanswered.set(phone, { cseq, text });
    this.#sockets.send(phone.identity.number, text);
  }

  /** Never rejects. */
  async #fetch(phone: DeskPhone): Promise<void> {
    this.#fetching.add(phone);
    try {
      const text = await this.#fetcher.fetch(phone.identity);
      if (text !== undefined) phone.takeConfiguration(text, this.#now);
    } catch (error) {
      this.#fault ??= error;
    } finally {
      this.#fetching.delete(phone);
      this.#answered();
    }
  }

  #take(message: SipMessage): void {
    this.#heardAt = performance.now();
    if (message.kind === "request") this.#takeRequest(message);
    else this.#takeResponse(message);
  }

  #takeRequest(request: SipRequest): void {
    const user = isSipUri(request.uri) ? request.uri.user : undefined;
    const phone = this.#byContactUser.get(user ?? "");
    if (phone === undefined) throw new Error(`Nobody is at ${request.requestUri}.`);
    this.#sockets.send(phone.identity.number, phone.takeRequest(request, this.#now));
  }

  #takeResponse(response: SipResponse): void {
    const phone = this.#byContactUser.get(response.callId);
    if (phone === undefined) throw new Error(`Nobody's Call-ID is ${response.callId}.`);
    // An answer to a request that was repeated or abandoned was heard before, or comes too late.
    if (this.#unanswered.get(phone)?.cseq !== response.cseq.number) return;
    this.#unanswered.delete(phone);
    if (phone.takeAnswer(response, this.#now) === "again") this.#register(phone);
    else this.#answered();
  }

  #answered(): void {
    this.#heardAt = performance.now();
    this.#answers++;
    this.#onAnswer();
    this.#sendMore();
  }

  #guard(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.#fault ??= error;
    }
  }
}
