/** A phone's line as its vendor's file describes it. */
export interface LineSettings {
  readonly user: string;
  /** The domain of the AOR. */
  readonly domain: string;
  /** The port that this vendor's phones write behind the domain in URIs; undefined for none. */
  readonly domainPort: number | undefined;
  readonly authenticationName: string;
  readonly password: string;
  readonly displayName: string;
  /** Where every request goes first. */
  readonly proxy: { readonly host: string; readonly port: number };
  readonly transport: "UDP" | "TCP";
  /** What REGISTER asks for. */
  readonly expiresSeconds: number;
}

/** What a phone does with a NOTIFY that asks it to fetch or to restart. */
export interface NotifySettings {
  /** False: the phone does not listen to such a NOTIFY at all (Cisco's `Resync_From_SIP`). */
  readonly heeds: boolean;
  /** Every check-sync restarts the phone, whatever its parameters say. */
  readonly alwaysRestarts: boolean;
  /** The sender has to show the line's own credentials first (Cisco's `Auth_Resync-Reboot`). */
  readonly challenges: boolean;
}

/** What a phone read from its vendor's files, as far as a simulated one needs it. */
export interface PhoneSettings {
  /** Undefined where the files held no account: they only lead elsewhere. */
  readonly line: LineSettings | undefined;
  /** Where the phone asks from its next start on: a URL or a rule, in its vendor's form. Undefined: as before. */
  readonly nextSource: string | undefined;
  /** The page that a key of the phone opens; undefined where no key does. */
  readonly screenUrl: string | undefined;
  readonly notify: NotifySettings;
}

/** Whether a phone can keep its registration; a new display name alone is no reason to give it up. */
export function isSameAccount(
  one: LineSettings | undefined,
  other: LineSettings | undefined,
): boolean {
  return (
    one?.user === other?.user &&
    one?.domain === other?.domain &&
    one?.authenticationName === other?.authenticationName &&
    one?.password === other?.password &&
    one?.proxy.host === other?.proxy.host &&
    one?.proxy.port === other?.proxy.port &&
    one?.transport === other?.transport
  );
}

/** The phone got no usable configuration. The message names the request or setting at fault and holds no secret. */
export class ConfigurationError extends Error {
  readonly code = "PHONE_CONFIGURATION";
}

/** Settings by name, from one or more files; later files win. */
export type SettingMap = ReadonlyMap<string, string>;

/** A setting that there must be. @throws ConfigurationError naming it */
export function required(settings: SettingMap, name: string): string {
  const value = settings.get(name);
  if (value === undefined || value === "") {
    throw new ConfigurationError(`The configuration has no ${name}.`);
  }
  return value;
}

/** A setting that is a number from 1 on. @throws ConfigurationError when it is none */
export function requiredNumber(settings: SettingMap, name: string): number {
  const value = required(settings, name);
  if (!/^[1-9]\d{0,8}$/.test(value)) throw new ConfigurationError(`${name} is no number: ${value}`);
  return Number(value);
}

/** A transport by the word this vendor has for it. @throws ConfigurationError for one that is not simulated */
export function readTransport(
  settings: SettingMap,
  name: string,
  words: Readonly<Record<string, "UDP" | "TCP">>,
): "UDP" | "TCP" {
  const word = required(settings, name);
  const transport = words[word];
  if (transport === undefined) {
    throw new ConfigurationError(`${name} is ${word}: simulated phones speak UDP and TCP.`);
  }
  return transport;
}
