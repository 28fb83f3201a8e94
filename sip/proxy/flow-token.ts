import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import type { SipRequest } from "../message/sip-message.ts";

/** What a token says: the two flows of a dialog that goes through us. */
export interface FlowTokenClaims {
  readonly callerFlowId: string;
  readonly calleeFlowId: string;
  /** By which a request of this dialog, and its direction, is known. */
  readonly dialogHash: string;
}

/** Which party a request inside a dialog is from. */
export type DialogDirection = "from-caller" | "from-callee";

const signatureBytes = 12;
const shape = /^([A-Za-z0-9_-]{8,400})\.([A-Za-z0-9_-]{16})$/;

/**
 * Makes and checks the user part of our Record-Route: it remembers the flows of both parties, so
 * that a proxy without dialog state reaches a phone by the connection or NAT binding it called
 * by, and it is signed, so that nobody can have us send to an address of his choice (RFC 5626 §5.2
 * describes the idea).
 */
export class FlowTokens {
  readonly #secret: Buffer;

  /** @param secret shared by all nodes, 32 random bytes at best */
  constructor(secret: Buffer) {
    this.#secret = secret;
  }

  /** A token, safe in the user part of a URI, for the dialog that `request` begins. */
  create(request: SipRequest, callerFlowId: string, calleeFlowId: string): string {
    const hash = dialogHash(request.callId, request.from.parameters.get("tag") ?? "");
    const claims = Buffer.from(`${hash}|${callerFlowId}|${calleeFlowId}`, "latin1");
    const payload = claims.toString("base64url");
    return `${payload}.${this.#sign(payload).toString("base64url")}`;
  }

  /** What a token says, or undefined when it is not one that we (or a node of ours) made. */
  verify(token: string): FlowTokenClaims | undefined {
    const [, payload, signature] = shape.exec(token) ?? [];
    if (payload === undefined || signature === undefined) return undefined;
    if (!timingSafeEqual(this.#sign(payload), Buffer.from(signature, "base64url"))) {
      return undefined;
    }
    const [hash, callerFlowId, calleeFlowId] = Buffer.from(payload, "base64url")
      .toString("latin1")
      .split("|");
    if (hash === undefined || callerFlowId === undefined || calleeFlowId === undefined) {
      return undefined;
    }
    return { dialogHash: hash, callerFlowId, calleeFlowId };
  }

  #sign(payload: string): Buffer {
    return createHmac("sha256", this.#secret).update(payload).digest().subarray(0, signatureBytes);
  }
}

/** Whether a URI's user part has the shape of a token, whoever made it. */
export function isTokenShaped(user: string): boolean {
  return shape.test(user);
}

/**
 * Which party sent a request of the token's dialog.
 *
 * @returns undefined when it is of another dialog: the token was taken from somebody else's call
 */
export function directionOf(
  request: SipRequest,
  claims: FlowTokenClaims,
): DialogDirection | undefined {
  const { callId } = request;
  if (dialogHash(callId, request.from.parameters.get("tag") ?? "") === claims.dialogHash) {
    return "from-caller";
  }
  if (dialogHash(callId, request.to.parameters.get("tag") ?? "") === claims.dialogHash) {
    return "from-callee";
  }
  return undefined;
}

function dialogHash(callId: string, callerTag: string): string {
  return createHash("sha256").update(`${callId}\n${callerTag}`).digest("base64url").slice(0, 10);
}
