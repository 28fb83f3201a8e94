import { decodeUser, isSipUri, type OtherUri, type SipUri } from "../../../sip/message/sip-uri.ts";
import { classifyDialedNumber, type DialedNumber } from "../../domain/classify-dialed-number.ts";

/**
 * What a Request-URI asks for: its user part with the escapes resolved (`%2A55%2A` is `*55*`), or
 * the number of a `tel` URI (RFC 3966), without parameters either way.
 * @returns undefined when the URI names nobody
 */
export function readDialedNumber(uri: SipUri | OtherUri): DialedNumber | undefined {
  const text = isSipUri(uri) ? uri.user : uri.text.slice(uri.scheme.length + 1);
  if (text === undefined || (!isSipUri(uri) && uri.scheme !== "tel")) return undefined;
  const [user] = text.split(";");
  return user === undefined || user === "" ? undefined : classifyDialedNumber(decodeUser(user));
}
