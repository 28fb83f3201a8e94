import { createHash, randomBytes } from "node:crypto";

/** How a made token begins, so that one that lies about is recognized for what it is. */
const prefix = "sgw_";

const form = /^sgw_[\w-]{43}$/;

/** A token for an administrator: 32 random bytes in base64url, behind `sgw_`. It is told once. */
export function makeAdministratorToken(): string {
  return `${prefix}${randomBytes(32).toString("base64url")}`;
}

/** Whether a text can be a made token at all; what cannot is not looked for. */
export function looksLikeAdministratorToken(text: string): boolean {
  return form.test(text);
}

/**
 * What is kept of a token or of a session's id: SHA-256, in base64url. They are random and long, so
 * that a slow hash would add nothing.
 */
export function hashSecret(text: string): string {
  return createHash("sha256").update(text).digest("base64url");
}
