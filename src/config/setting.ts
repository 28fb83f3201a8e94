/** What may stand behind one name in the environment and one key in the file. */
export interface Setting<Value> {
  /** Name in the environment, `SIP_PORT`; the key in the file is the same in camelCase, `sipPort`. */
  readonly name: string;
  /** What it does, for people. */
  readonly meaning: string;
  /** What it may be, in words that end a fault's line. */
  readonly mayBe: string;
  /** Its value is never repeated in a fault. */
  readonly secret?: true;
  /** The value that a text stands for, or undefined when it is none. */
  readonly read: (text: string) => Value | undefined;
  /** The value when nobody set it. */
  readonly fallback: (host: HostFacts, earlier: EarlierValues) => Value;
}

/** Settings that others' defaults follow from; they come before those in the table. */
export interface EarlierValues {
  readonly bindAddress: string;
  readonly dataDirectory: string;
}

/** What defaults take from the machine. */
export interface HostFacts {
  readonly hostName: string;
  /** The first IPv4 address of this host that is not internal, or undefined. */
  readonly publicAddress: string | undefined;
}

/** `SIP_TLS_PORT` → `sipTlsPort`. */
export function fileKey(name: string): string {
  return name.toLowerCase().replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
