import { crossCheck } from "./config/cross-check.ts";
import { readHostFacts } from "./config/host-facts.ts";
import { type ConfigFile, readConfigFile } from "./config/read-config-file.ts";
import type { PortRange } from "./config/read-setting.ts";
import { fileKey, type HostFacts, type Setting } from "./config/setting.ts";
import {
  type logLevels,
  type phoneTransports,
  type provisioningAccessModes,
  settingFields,
  settings,
} from "./config/settings.ts";

/** Everything that can be set, read and judged. `settings.ts` says the names and defaults. */
export interface Config {
  readonly bindAddress: string;
  readonly adminBindAddress: string;
  /** Host name or address, an IPv6 one without brackets. */
  readonly publicAddress: string;
  /** Ports: 0 lets the system choose. */
  readonly sipPort: number;
  readonly sipTlsPort: number;
  readonly sipWsPort: number;
  readonly provisioningPort: number;
  readonly adminPort: number;
  /** Absolute. */
  readonly dataDirectory: string;
  /** Absolute; it need not be there. */
  readonly firmwareDirectory: string;
  /** Holds a password, maybe. Null: embedded storage. */
  readonly redisUrl: string | null;
  /** Null: the one kept in the data folder (see admin-token.ts). */
  readonly adminToken: string | null;
  readonly provisioningAccess: (typeof provisioningAccessModes)[number];
  readonly lab: boolean;
  readonly logLevel: (typeof logLevels)[number];
  readonly nodeId: string;
  readonly mediaPorts: PortRange;
  readonly trunkUri: string | null;
  /** Absolute; set together with the certificate, or both are null. */
  readonly sipTlsKeyFile: string | null;
  readonly sipTlsCertificateFile: string | null;
  /** Seconds east of Greenwich. */
  readonly utcOffsetSeconds: number;
  readonly ntpServer: string;
  readonly phoneTransport: (typeof phoneTransports)[number];
  /** An origin, without a slash at its end. Null: the address that the admin center listens on. */
  readonly adminPublicUrl: string | null;
  /** Null: the built-in identity provider. Set together with the client id, or both are null. */
  readonly oidcIssuer: string | null;
  readonly oidcClientId: string | null;
  /** Null: a public client. */
  readonly oidcClientSecret: string | null;
  /** Separated by single spaces. */
  readonly oidcScopes: string;
  readonly oidcUserClaim: string;
  readonly oidcAdminClaim: string;
}

/** Some settings are wrong. The start ends with exit code 2. */
export class ConfigError extends Error {
  readonly code = "CONFIG_INVALID";
  /** One line each: the setting, what it was and what it may be; never a secret. */
  readonly faults: readonly string[];

  constructor(faults: readonly string[]) {
    super(faults.join("\n"));
    this.name = "ConfigError";
    this.faults = faults;
  }
}

/** Where a configuration is read from. */
export interface ConfigSources {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** What the machine says of itself; read from it when absent. */
  readonly host?: HostFacts;
}

/**
 * Reads every setting from the environment, else from the file that `GATEWAY_CONFIG` names, else
 * its default. An empty variable counts as not set.
 * @throws ConfigError with all faults at once
 */
export function loadConfig(sources: ConfigSources): Config {
  const { environment, host = readHostFacts() } = sources;
  const file = fileOf(environment);
  const faults = [...file.faults];
  const values = new Map<keyof Config, unknown>();
  for (const field of settingFields) {
    const earlier = {
      bindAddress: String(values.get("bindAddress") ?? ""),
      dataDirectory: String(values.get("dataDirectory") ?? ""),
    };
    const fallback = () => settings[field].fallback(host, earlier);
    values.set(field, readField(settings[field], environment, file, fallback, faults));
  }
  const config = Object.freeze(Object.fromEntries(values)) as unknown as Config;
  faults.push(...crossCheck(config));
  if (faults.length > 0) throw new ConfigError(faults);
  return config;
}

function fileOf(environment: ConfigSources["environment"]): ConfigFile {
  const path = environment.GATEWAY_CONFIG ?? "";
  if (path === "") return { texts: new Map(), faults: [] };
  return readConfigFile(
    path,
    settingFields.map((field) => fileKey(settings[field].name)),
  );
}

function readField(
  setting: Setting<unknown>,
  environment: ConfigSources["environment"],
  file: ConfigFile,
  fallback: () => unknown,
  faults: string[],
): unknown {
  const key = fileKey(setting.name);
  const given = environment[setting.name] ?? "";
  const text = (given === "" ? file.texts.get(key) : given)?.trim() ?? "";
  if (text === "") return fallback();
  const value = setting.read(text);
  if (value !== undefined) return value;
  const where = given === "" ? `${key} in the file` : setting.name;
  const was = setting.secret === true ? "not readable (kept secret)" : shown(text);
  faults.push(`${where} is ${was}; it may be ${setting.mayBe}.`);
  return fallback();
}

/** One line, bounded, with control characters escaped. */
function shown(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
