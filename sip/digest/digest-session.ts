import { newTag } from "../message/identifiers.ts";
import type { SipResponse } from "../message/sip-message.ts";
import {
  type AnswerableChallenge,
  answerChallenge,
  type ClientCredentials,
  chooseChallenge,
} from "./answer-challenge.ts";

/** A header field that carries credentials. */
export type CredentialsHeader = readonly [
  name: "Authorization" | "Proxy-Authorization",
  value: string,
];

interface KnownChallenge {
  readonly challenge: AnswerableChallenge;
  uses: number;
}

/**
 * A client's side of digest authentication towards one server or proxy chain: remembers the last
 * challenge of each kind and counts the uses of its nonce (RFC 7616 §3.4.5), so that later requests
 * can be authorized without being asked.
 */
export class DigestSession {
  readonly #credentials: ClientCredentials;
  #fromServer: KnownChallenge | undefined;
  #fromProxy: KnownChallenge | undefined;

  constructor(credentials: ClientCredentials) {
    this.#credentials = credentials;
  }

  /**
   * Takes the challenges of a 401 or 407.
   *
   * @param answered whether the refused request carried credentials of this session: a second
   * refusal then is final unless it says `stale=true` (RFC 3261 §22.2)
   * @returns whether trying again is worth it
   */
  challenged(response: SipResponse, answered: boolean): boolean {
    const byProxy = response.status === 407;
    const name = byProxy ? "Proxy-Authenticate" : "WWW-Authenticate";
    const challenge = chooseChallenge(response.headers.getAll(name), this.#credentials);
    if (challenge === undefined) return false;
    const known = byProxy ? this.#fromProxy : this.#fromServer;
    if (byProxy) this.#fromProxy = { challenge, uses: 0 };
    else this.#fromServer = { challenge, uses: 0 };
    return !answered || known === undefined || challenge.stale;
  }

  /** The header fields for a new request; none before the first challenge. */
  authorize(method: string, requestUri: string): CredentialsHeader[] {
    const headers: CredentialsHeader[] = [];
    if (this.#fromServer !== undefined) {
      headers.push(["Authorization", this.#answer(this.#fromServer, method, requestUri)]);
    }
    if (this.#fromProxy !== undefined) {
      headers.push(["Proxy-Authorization", this.#answer(this.#fromProxy, method, requestUri)]);
    }
    return headers;
  }

  #answer(known: KnownChallenge, method: string, uri: string): string {
    known.uses++;
    return answerChallenge(known.challenge, this.#credentials, {
      method,
      uri,
      nonceCount: known.uses,
      clientNonce: newTag(),
    });
  }
}
