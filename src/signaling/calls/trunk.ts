import {
  escapeUser,
  formatUri,
  isSipUri,
  parseUri,
  type SipUri,
} from "../../../sip/message/sip-uri.ts";
import type { ProxyTarget } from "../../../sip/proxy/proxy-target.ts";

/** The way to outside numbers. */
export class Trunk {
  readonly #uri: SipUri;

  /** @param uri `sip:host:port;transport=tcp` @throws SipParseError, TypeError when it is no SIP URI */
  constructor(uri: string) {
    const parsed = parseUri(uri);
    if (!isSipUri(parsed)) throw new TypeError("the trunk's URI is no SIP URI");
    this.#uri = parsed;
  }

  /** Where a number goes. */
  targetFor(number: string): ProxyTarget {
    return { uri: formatUri({ ...this.#uri, user: escapeUser(number) }) };
  }
}
