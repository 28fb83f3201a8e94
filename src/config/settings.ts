import { join, resolve } from "node:path";
import type { Config } from "../config.ts";
import { readIssuer, readOrigin, readScopes, readToken } from "./read-identity-setting.ts";
import {
  oneOf,
  readAddress,
  readBoolean,
  readHost,
  readPath,
  readPort,
  readPortRange,
  readRedisUrl,
  readTrunkUri,
  readUtcOffsetSeconds,
  readWord,
} from "./read-setting.ts";
import type { Setting } from "./setting.ts";

/** Who may fetch a configuration (CONTRACT, Provisioning). */
export const provisioningAccessModes = ["open", "known", "token"] as const;

/** Pino's levels. */
export const logLevels = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;

/** How phones are told to send SIP. */
export const phoneTransports = ["udp", "tcp"] as const;

const port = "a port from 0 to 65535 (0: any free one)";
const host = "a host name or an address, without port";

/** Every setting, by the field of the configuration that it fills. */
export const settings: { readonly [Field in keyof Config]: Setting<Config[Field]> } = {
  bindAddress: {
    name: "BIND_ADDRESS",
    meaning: "where SIP and provisioning listen",
    mayBe: "an IPv4 or IPv6 address",
    read: readAddress,
    fallback: () => "0.0.0.0",
  },
  adminBindAddress: {
    name: "ADMIN_BIND_ADDRESS",
    meaning: "where the admin center listens",
    mayBe: "an IPv4 or IPv6 address",
    read: readAddress,
    fallback: () => "127.0.0.1",
  },
  publicAddress: {
    name: "PUBLIC_ADDRESS",
    meaning: "host or address that phones are told",
    mayBe: host,
    read: readHost,
    // A gateway that listens on one address can be reached at that one only.
    fallback: ({ publicAddress }, { bindAddress }) =>
      isEveryAddress(bindAddress) ? (publicAddress ?? "127.0.0.1") : bindAddress,
  },
  sipPort: {
    name: "SIP_PORT",
    meaning: "SIP over UDP and TCP",
    mayBe: port,
    read: readPort,
    fallback: () => 5060,
  },
  sipTlsPort: {
    name: "SIP_TLS_PORT",
    meaning: "SIP over TLS",
    mayBe: port,
    read: readPort,
    fallback: () => 5061,
  },
  sipWsPort: {
    name: "SIP_WS_PORT",
    meaning: "SIP over WebSocket",
    mayBe: port,
    read: readPort,
    fallback: () => 5066,
  },
  provisioningPort: {
    name: "PROVISIONING_PORT",
    meaning: "HTTP for phones",
    mayBe: port,
    read: readPort,
    fallback: () => 8080,
  },
  adminPort: {
    name: "ADMIN_PORT",
    meaning: "admin center, API, sign-in page, metrics",
    mayBe: port,
    read: readPort,
    fallback: () => 8081,
  },
  dataDirectory: {
    name: "DATA_DIR",
    meaning: "embedded storage, keys, certificates",
    mayBe: "a folder",
    read: readPath,
    fallback: () => resolve("data"),
  },
  firmwareDirectory: {
    name: "FIRMWARE_DIR",
    meaning: "firmware files that are served to phones",
    mayBe: "a folder",
    read: readPath,
    fallback: (_host, { dataDirectory }) => join(dataDirectory, "firmware"),
  },
  redisUrl: {
    name: "REDIS_URL",
    meaning: "all state lives in this Redis and none in SQLite",
    mayBe:
      "redis://HOST:PORT, rediss://…, redis+sentinel://HOST:PORT,HOST:PORT/NAME or redis+cluster://HOST:PORT,…",
    secret: true,
    read: readRedisUrl,
    fallback: () => null,
  },
  adminToken: {
    name: "ADMIN_TOKEN",
    meaning: "bearer token of the first administrator",
    mayBe: "1 to 256 visible ASCII characters without spaces",
    secret: true,
    read: readToken,
    fallback: () => null,
  },
  provisioningAccess: {
    name: "PROVISIONING_ACCESS",
    meaning: "which phones get a configuration",
    mayBe: "open, known or token",
    read: oneOf(provisioningAccessModes),
    fallback: () => "token",
  },
  lab: {
    name: "LAB",
    meaning: "opens the laboratory; never on a production node",
    mayBe: "true or false",
    read: readBoolean,
    fallback: () => false,
  },
  logLevel: {
    name: "LOG_LEVEL",
    meaning: "the least important lines that are logged",
    mayBe: "trace, debug, info, warn, error, fatal or silent",
    read: oneOf(logLevels),
    fallback: () => "info",
  },
  nodeId: {
    name: "NODE_ID",
    meaning: "names this node among those that share a Redis; the same after each start",
    mayBe: "1 to 128 visible ASCII characters without spaces",
    read: readWord,
    fallback: ({ hostName }) => hostName,
  },
  mediaPorts: {
    name: "MEDIA_PORTS",
    meaning: "UDP ports for the gateway's own sound",
    mayBe: "FIRST-LAST with an even first port from 1024 to 65534 and a greater last one to 65535",
    read: readPortRange,
    fallback: () => ({ first: 49152, last: 53247 }),
  },
  trunkUri: {
    name: "TRUNK_URI",
    meaning: "where calls to outside numbers go",
    mayBe: "a SIP URI without user part, such as sip:trunk.example:5060;transport=tcp",
    read: readTrunkUri,
    fallback: () => null,
  },
  sipTlsKeyFile: {
    name: "SIP_TLS_KEY",
    meaning: "private key for SIP over TLS, a PEM file",
    mayBe: "the path of a PEM file",
    read: readPath,
    fallback: () => null,
  },
  sipTlsCertificateFile: {
    name: "SIP_TLS_CERT",
    meaning: "certificate chain for SIP over TLS, a PEM file",
    mayBe: "the path of a PEM file",
    read: readPath,
    fallback: () => null,
  },
  utcOffsetSeconds: {
    name: "TIME_ZONE",
    meaning: "what phones show, from UTC",
    mayBe: "UTC, or hours and minutes from it in quarters, such as +01:00 or -09:30, to 14:00",
    read: readUtcOffsetSeconds,
    fallback: () => 0,
  },
  ntpServer: {
    name: "NTP_SERVER",
    meaning: "where phones get the time",
    mayBe: host,
    read: readHost,
    fallback: () => "pool.ntp.org",
  },
  phoneTransport: {
    name: "PHONE_TRANSPORT",
    meaning: "how phones are told to send SIP",
    mayBe: "udp or tcp",
    read: oneOf(phoneTransports),
    fallback: () => "udp",
  },
  adminPublicUrl: {
    name: "ADMIN_PUBLIC_URL",
    meaning: "how browsers reach the admin center and the sign-in page",
    mayBe: "http:// or https:// with a host and maybe a port, without a path",
    read: readOrigin,
    fallback: () => null,
  },
  oidcIssuer: {
    name: "OIDC_ISSUER",
    meaning: "the OpenID provider that signs users in, instead of the built-in one",
    mayBe: "an https:// URL without query (http:// for a loopback address only)",
    read: readIssuer,
    fallback: () => null,
  },
  oidcClientId: {
    name: "OIDC_CLIENT_ID",
    meaning: "who the gateway is at the OpenID provider",
    mayBe: "1 to 256 visible ASCII characters without spaces",
    read: readToken,
    fallback: () => null,
  },
  oidcClientSecret: {
    name: "OIDC_CLIENT_SECRET",
    meaning: "the gateway's secret at the OpenID provider; none: a public client",
    mayBe: "1 to 256 visible ASCII characters without spaces",
    secret: true,
    read: readToken,
    fallback: () => null,
  },
  oidcScopes: {
    name: "OIDC_SCOPES",
    meaning: "what the gateway asks the OpenID provider for",
    mayBe: "names separated by spaces, openid among them",
    read: readScopes,
    fallback: () => "openid profile email",
  },
  oidcUserClaim: {
    name: "OIDC_USER_CLAIM",
    meaning: "the claim that names the user",
    mayBe: "1 to 128 visible ASCII characters without spaces",
    read: readWord,
    fallback: () => "preferred_username",
  },
  oidcAdminClaim: {
    name: "OIDC_ADMIN_CLAIM",
    meaning: "the claim that holds administrators' roles, such as sip-gateway.reader",
    mayBe: "1 to 128 visible ASCII characters without spaces",
    read: readWord,
    fallback: () => "roles",
  },
};

/** Whether a server bound to this address takes what comes to any. */
export function isEveryAddress(address: string): boolean {
  return address === "0.0.0.0" || address === "::";
}

/** The fields in the order of the table. */
export const settingFields = Object.keys(settings) as readonly (keyof Config)[];
