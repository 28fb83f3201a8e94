import { parseAddressList } from "../../../sip/message/name-address.ts";
import type { SipRequest } from "../../../sip/message/sip-message.ts";
import { isSipUri } from "../../../sip/message/sip-uri.ts";
import { parseVias } from "../../../sip/message/via.ts";
import type { IncomingRequest } from "../../../sip/transport/transport-layer.ts";
import type { RegistrationRequest, RequestedContact } from "../../domain/apply-registration.ts";
import type { Credential } from "../authentication/credential-directory.ts";
import type { ExtraHeaders } from "../stateless-replies.ts";
import { mostContacts, readExpiry, readRequestedContacts } from "./requested-contacts.ts";

/** Extensions that a REGISTER may require of us (RFC 3327, RFC 5626). */
const understoodExtensions: ReadonlySet<string> = new Set(["path", "outbound"]);

/** Longer text in a User-Agent is cut: it is kept with every binding and shown on pages. */
const mostUserAgentCharacters = 200;

/** The longest Contact URI, instance id, Call-ID or Path that is kept, in characters. */
const mostKeptCharacters = 1024;

/** A registration to apply, or the answer that says what is wrong with it. */
export type RegistrationReading =
  | {
      readonly ok: true;
      readonly registration: RegistrationRequest;
      /** Whether the binding is a flow of RFC 5626, which the answer has to say. */
      readonly outbound: boolean;
    }
  | RegistrationFault;

/** Why a REGISTER is refused. */
export interface RegistrationFault {
  readonly ok: false;
  readonly status: number;
  readonly reason?: string;
  readonly headers?: ExtraHeaders;
}

/** Reads Contacts, Expires and Path of a REGISTER that has passed `validateRequest`. */
export function readRegistration(
  incoming: IncomingRequest,
  credential: Credential,
  nodeId: string,
): RegistrationReading {
  const { request, flow } = incoming;
  const contacts = readRequestedContacts(request.contacts);
  const path = request.headers.getAll("Path");
  const outbound = contacts !== "*" && flow.reliable && asksForOutbound(request, contacts);
  const fault =
    findOversize(request, contacts, path) ??
    findPathFault(request, path) ??
    (outbound ? findOutboundFault(request, path) : undefined);
  if (fault !== undefined) return fault;
  const expires = request.headers.get("Expires");
  const registration: RegistrationRequest = {
    tenantId: credential.tenantId,
    aor: credential.aor,
    callId: request.callId,
    cseq: request.cseq.number,
    contacts,
    expiresSeconds: expires === undefined ? undefined : readExpiry(expires),
    path,
    flow: {
      id: flow.id,
      transport: flow.transport,
      remoteAddress: flow.remoteAddress,
      remotePort: flow.remotePort,
    },
    nodeId,
    userAgent: (request.headers.get("User-Agent") ?? "").slice(0, mostUserAgentCharacters),
    macAddress: credential.macAddress,
  };
  return { ok: true, registration, outbound };
}

/** What is kept of a REGISTER is bounded, however long a message may be. */
function findOversize(
  request: SipRequest,
  contacts: readonly RequestedContact[] | "*",
  path: readonly string[],
): RegistrationFault | undefined {
  if (request.callId.length > mostKeptCharacters) {
    return { ok: false, status: 400, reason: "Call-ID Too Long" };
  }
  let pathCharacters = 0;
  for (const value of path) pathCharacters += value.length;
  if (pathCharacters > mostKeptCharacters) {
    return { ok: false, status: 400, reason: "Path Too Long" };
  }
  if (contacts === "*") return undefined;
  if (contacts.length > mostContacts) {
    return { ok: false, status: 400, reason: "Too Many Contacts" };
  }
  for (const { uri, instanceId } of contacts) {
    if (uri.length + (instanceId?.length ?? 0) > mostKeptCharacters) {
      return { ok: false, status: 400, reason: "Contact Too Long" };
    }
  }
  return undefined;
}

/** A Path is taken only from a phone that knows of such things: it is told the Path in return (RFC 3327 §5.3). */
function findPathFault(
  request: SipRequest,
  path: readonly string[],
): RegistrationFault | undefined {
  if (path.length === 0 || supports(request, "path")) return undefined;
  return { ok: false, status: 421, headers: [["Require", "path"]] };
}

/**
 * Whether the phone wants its calls by the flow it registers on (RFC 5626 §6). On UDP this is done
 * without a word: to promise it would be to promise STUN, too.
 */
function asksForOutbound(request: SipRequest, contacts: readonly RequestedContact[]): boolean {
  return (
    contacts.some(({ instanceId, regId }) => instanceId !== null && regId !== null) &&
    supports(request, "outbound")
  );
}

/** RFC 5626 §6: with a hop between us and the phone, that hop must keep the flow: `ob` in its Path. */
function findOutboundFault(
  request: SipRequest,
  path: readonly string[],
): RegistrationFault | undefined {
  const vias = request.headers.getAll("Via").flatMap((value) => parseVias(value));
  if (vias.length <= 1) return undefined;
  const first = parseAddressList(path).at(-1)?.uri;
  if (first !== undefined && isSipUri(first) && first.parameters.has("ob")) return undefined;
  return { ok: false, status: 439, reason: "First Hop Lacks Outbound Support" };
}

/** The required extensions that we do not know, for Unsupported; undefined when there are none. */
export function unknownExtensions(request: SipRequest): string | undefined {
  if (!request.headers.has("Require")) return undefined;
  const unknown = optionTags(request, "Require").filter((tag) => !understoodExtensions.has(tag));
  return unknown.length === 0 ? undefined : unknown.join(", ");
}

function supports(request: SipRequest, tag: string): boolean {
  return (
    optionTags(request, "Supported").includes(tag) || optionTags(request, "Require").includes(tag)
  );
}

function optionTags(request: SipRequest, header: "Require" | "Supported"): string[] {
  return request.headers
    .getAll(header)
    .flatMap((value) => value.split(","))
    .map((tag) => tag.trim().toLowerCase())
    .filter((tag) => tag !== "");
}
