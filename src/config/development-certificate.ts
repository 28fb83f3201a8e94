import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { isIP } from "node:net";
import { join } from "node:path";
import { generate } from "selfsigned";

/** A certificate and its private key, PEM. */
export interface KeyAndCertificate {
  readonly key: string;
  readonly certificate: string;
}

const lifetimeMilliseconds = 5 * 365 * 24 * 60 * 60 * 1000;

/**
 * The certificate for SIP over TLS that is used when none is given: self-signed, made once, kept in
 * the data folder with mode 600. Phones must be told to accept it; it proves nothing to them.
 * @param host the name or address that phones are told
 */
export async function ensureDevelopmentCertificate(
  dataDirectory: string,
  host: string,
  nowMilliseconds: number,
): Promise<KeyAndCertificate> {
  const path = join(dataDirectory, "development-certificate.pem");
  if (existsSync(path)) return split(readFileSync(path, "utf8"));
  const made = await generate([{ name: "commonName", value: host }], {
    keyType: "ec",
    curve: "P-256",
    algorithm: "sha256",
    notBeforeDate: new Date(nowMilliseconds - 24 * 60 * 60 * 1000),
    notAfterDate: new Date(nowMilliseconds + lifetimeMilliseconds),
    extensions: [{ name: "subjectAltName", altNames: [alternativeName(host)] }],
  });
  mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, `${made.private.trim()}\n${made.cert.trim()}\n`, { mode: 0o600 });
  renameSync(draft, path);
  return { key: made.private, certificate: made.cert };
}

function alternativeName(host: string) {
  return isIP(host) === 0 ? { type: 2 as const, value: host } : { type: 7 as const, ip: host };
}

function split(pem: string): KeyAndCertificate {
  const at = pem.indexOf("-----BEGIN CERTIFICATE-----");
  if (at < 0) throw new Error("development-certificate.pem holds no certificate; delete it.");
  return { key: pem.slice(0, at), certificate: pem.slice(at) };
}
