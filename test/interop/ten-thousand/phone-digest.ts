import {
  type AnswerableChallenge,
  answerChallenge,
  chooseChallenge,
} from "../../../sip/digest/answer-challenge.ts";
import type { DigestAlgorithm } from "../../../sip/digest/hash.ts";
import { newTag } from "../../../sip/message/identifiers.ts";
import type { SipResponse } from "../../../sip/message/sip-message.ts";

/**
 * A phone's side of digest authentication, as desk phones do it: one algorithm, and a nonce that is
 * used again, counted, until the registrar says that it is stale (RFC 7616 §3.4.5).
 */
export class PhoneDigest {
  readonly #algorithm: DigestAlgorithm;
  readonly #credentials: { readonly username: string; readonly password: string };
  #challenge: AnswerableChallenge | undefined;
  #uses = 0;

  constructor(
    algorithm: DigestAlgorithm,
    credentials: { readonly username: string; readonly password: string },
  ) {
    this.#algorithm = algorithm;
    this.#credentials = credentials;
  }

  /** Takes the challenge of a 401. @returns false when the registrar does not offer the algorithm */
  challenged(response: SipResponse): boolean {
    const offers = response.headers
      .getAll("WWW-Authenticate")
      .filter((offer) => /algorithm=([A-Z0-9-]+)/.exec(offer)?.[1] === this.#algorithm);
    this.#challenge = chooseChallenge(offers, this.#credentials);
    this.#uses = 0;
    return this.#challenge !== undefined;
  }

  /** The header line for a request; none before the first challenge. */
  authorization(method: string, uri: string): readonly string[] {
    if (this.#challenge === undefined) return [];
    this.#uses++;
    const request = { method, uri, nonceCount: this.#uses, clientNonce: newTag() };
    return [`Authorization: ${answerChallenge(this.#challenge, this.#credentials, request)}`];
  }
}
