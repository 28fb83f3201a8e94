import { readFileSync } from "node:fs";
import type { Config } from "../config.ts";
import { ensureDevelopmentCertificate, type KeyAndCertificate } from "./development-certificate.ts";

/**
 * Key and certificate for SIP over TLS: the files that were named, else a development certificate.
 * @throws Error that names the file, when one cannot be read
 */
export async function tlsSettings(
  config: Config,
  nowMilliseconds: number,
): Promise<KeyAndCertificate> {
  const { sipTlsKeyFile, sipTlsCertificateFile, dataDirectory, publicAddress } = config;
  if (sipTlsKeyFile === null || sipTlsCertificateFile === null) {
    return ensureDevelopmentCertificate(dataDirectory, publicAddress, nowMilliseconds);
  }
  return {
    key: readFileSync(sipTlsKeyFile, "utf8"),
    certificate: readFileSync(sipTlsCertificateFile, "utf8"),
  };
}
