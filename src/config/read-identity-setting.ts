import { isIPv4 } from "node:net";

/** Visible ASCII without spaces, of up to 256 characters: a bearer token, a client id, a secret. */
export function readToken(text: string): string | undefined {
  return /^[!-~]{1,256}$/.test(text) ? text : undefined;
}

/** `https://gateway.example:8081`, with or without a slash at its end; told without. */
export function readOrigin(text: string): string | undefined {
  const url = readUrl(text);
  return url !== undefined && url.pathname === "/" && !/[?#]/.test(text) ? url.origin : undefined;
}

/**
 * The URL of an OpenID issuer (OpenID Connect Discovery §3): https, without query or fragment. On a
 * loopback address http will do.
 */
export function readIssuer(text: string): string | undefined {
  const url = readUrl(text);
  if (url === undefined || /[?#]/.test(text)) return undefined;
  return url.protocol === "https:" || isLoopback(url.hostname) ? text : undefined;
}

/** Names separated by spaces (RFC 6749 §3.3), `openid` among them; told with single spaces. */
export function readScopes(text: string): string | undefined {
  const scopes = text.split(/ +/);
  const form = /^[!#-[\]-~]{1,128}$/;
  return scopes.includes("openid") && scopes.every((scope) => form.test(scope))
    ? scopes.join(" ")
    : undefined;
}

function readUrl(text: string): URL | undefined {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol)) return undefined;
  return url.username === "" && url.password === "" ? url : undefined;
}

function isLoopback(hostname: string): boolean {
  if (hostname === "localhost" || hostname === "[::1]") return true;
  return isIPv4(hostname) && hostname.startsWith("127.");
}
