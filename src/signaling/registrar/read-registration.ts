import type { SipRequest } from "../../../sip/message/sip-message.ts";
import type { IncomingRequest } from "../../../sip/transport/transport-layer.ts";
import type { RegistrationRequest } from "../../domain/apply-registration.ts";
import type { Credential } from "../authentication/credential-directory.ts";
import type { ExtraHeaders } from "../stateless-replies.ts";
import { mostContacts, readExpiry, readRequestedContacts } from "./requested-contacts.ts";

/** Extensions that a REGISTER may require of us (RFC 3327, RFC 5626). */
const understoodExtensions: ReadonlySet<string> = new Set(["path", "outbound"]);

/** Longer text in a User-Agent is cut: it is kept with every binding and shown on pages. */
const mostUserAgentCharacters = 200;

/** A registration to apply, or the answer that says what is wrong with it. */
export type RegistrationReading =
  | { readonly ok: true; readonly registration: RegistrationRequest }
  | {
      readonly ok: false;
      readonly status: number;
      readonly reason: string | undefined;
      readonly headers: ExtraHeaders | undefined;
    };

/**
 * Reads Contacts, Expires and Path of a REGISTER that has passed `validateRequest`. A Path is taken
 * only from a phone that says it knows of such things (RFC 3327 §5.3): it is told the Path in return.
 */
export function readRegistration(
  incoming: IncomingRequest,
  credential: Credential,
  nodeId: string,
): RegistrationReading {
  const { request, flow } = incoming;
  const contacts = readRequestedContacts(request.contacts);
  if (contacts.length > mostContacts) {
    return { ok: false, status: 400, reason: "Too Many Contacts", headers: undefined };
  }
  const path = request.headers.getAll("Path");
  if (path.length > 0 && !supports(request, "path")) {
    return { ok: false, status: 421, reason: undefined, headers: [["Require", "path"]] };
  }
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
  return { ok: true, registration };
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
