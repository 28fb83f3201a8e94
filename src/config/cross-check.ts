import type { Config } from "../config.ts";
import { isEveryAddress, settings } from "./settings.ts";

type ListeningField = "sipPort" | "sipTlsPort" | "sipWsPort" | "provisioningPort" | "adminPort";

const listeningFields: readonly ListeningField[] = [
  "sipPort",
  "sipTlsPort",
  "sipWsPort",
  "provisioningPort",
  "adminPort",
];

/** The faults of settings that are right each, and wrong together. */
export function crossCheck(config: Config): string[] {
  return [
    ...tlsFaults(config),
    ...portFaults(config),
    ...mediaFaults(config),
    ...identityFaults(config),
  ];
}

function tlsFaults(config: Config): string[] {
  const { sipTlsKeyFile, sipTlsCertificateFile } = config;
  if ((sipTlsKeyFile === null) === (sipTlsCertificateFile === null)) return [];
  const [set, missing] =
    sipTlsKeyFile === null ? ["SIP_TLS_CERT", "SIP_TLS_KEY"] : ["SIP_TLS_KEY", "SIP_TLS_CERT"];
  return [`${missing} is not set, and ${set} is; set both, or none.`];
}

function portFaults(config: Config): string[] {
  return listeningFields.flatMap((field, index) => {
    const earlier = listeningFields.slice(0, index).find((other) => collide(config, field, other));
    if (earlier === undefined) return [];
    const { name } = settings[field];
    return [
      `${name} is ${config[field]}, and so is ${settings[earlier].name}; they may not be the same.`,
    ];
  });
}

function collide(config: Config, left: ListeningField, right: ListeningField): boolean {
  if (config[left] === 0 || config[left] !== config[right]) return false;
  const leftAddress = addressOf(config, left);
  const rightAddress = addressOf(config, right);
  return (
    leftAddress === rightAddress || isEveryAddress(leftAddress) || isEveryAddress(rightAddress)
  );
}

function addressOf(config: Config, field: ListeningField): string {
  return field === "adminPort" ? config.adminBindAddress : config.bindAddress;
}

function mediaFaults(config: Config): string[] {
  const { first, last } = config.mediaPorts;
  if (config.sipPort < first || config.sipPort > last) return [];
  return [
    `MEDIA_PORTS is ${first}-${last}, and SIP_PORT is ${config.sipPort}; the range may not hold it.`,
  ];
}

function identityFaults({ oidcIssuer, oidcClientId, oidcClientSecret }: Config): string[] {
  if (oidcIssuer === null) {
    const set = oidcClientId === null ? "OIDC_CLIENT_SECRET" : "OIDC_CLIENT_ID";
    if (oidcClientId === null && oidcClientSecret === null) return [];
    return [`OIDC_ISSUER is not set, and ${set} is; set both, or none.`];
  }
  if (oidcClientId !== null) return [];
  return ["OIDC_CLIENT_ID is not set, and OIDC_ISSUER is; set both, or none."];
}
