import type { Compatibility } from "./compatible-devices.ts";
import type { PhoneLanguage } from "./phone-language.ts";
import type { Vendor } from "./vendor.ts";

/** What a request says of the phone behind it. Nothing here is proven: any client can say it. */
export interface IdentifiedPhone {
  readonly vendor: Vendor | undefined;
  /** 12 lower-case hex digits. */
  readonly mac: string | undefined;
  /** As in the list of compatible devices where it is there, else as the phone spells it. */
  readonly model: string | undefined;
  /** As the phone spells it, e.g. `108.86.0.45`. */
  readonly firmware: string | undefined;
  /** The boot loader asks (Poly's updater): `firmware` is undefined then, it would be the loader's. */
  readonly bootStage: boolean;
}

/**
 * What kind of file is asked for.
 * - `configuration`: holds the account; the only kind for which `answer` is called.
 * - `entry`: leads to the configuration and holds no secret (Yealink `.boot`, Poly master, Cisco `$PSN.xml` without MAC).
 * - `firmware`: an image from the firmware folder.
 * - `upload`: a PUT of a log or of the user's settings.
 * - `optional`: known, and not kept here (licences, directories, encrypted forms): 404.
 * - `page`: a page of the phone's screen; never a file's.
 * - `foreign`: asked by firmware that cannot be served (Cisco enterprise, Skype for Business).
 * - `unknown`: nothing this server knows.
 */
export type RequestedFile =
  | "configuration"
  | "entry"
  | "firmware"
  | "upload"
  | "optional"
  | "page"
  | "foreign"
  | "unknown";

/** One request of a phone, read from path, headers and connection. */
export interface PhoneRequest {
  readonly phone: IdentifiedPhone;
  /** Whether it can be served at all, by model, firmware and what it asks for; refusing for it is the directory's decision. */
  readonly compatibility: Compatibility;
  readonly file: RequestedFile;
  /** Region id named by Host or path, e.g. `emea`; undefined: the directory's default. */
  readonly region: string | undefined;
  readonly language: PhoneLanguage | undefined;
  /** GUID of `/tenantid/<guid>/`, lower case. */
  readonly tenantId: string | undefined;
  /** From the next URL's `/device/<secret>/`; never to be logged. */
  readonly secret: string | undefined;
  /** For people to read: sanitised, bounded, the secret masked. */
  readonly path: string;
  readonly method: "GET" | "HEAD" | "PUT" | "POST";
  /** Sanitised and bounded; empty when none was sent. */
  readonly userAgent: string;
  /** Source IP address. */
  readonly address: string;
}

/** The SIP account of a phone's first line. */
export interface PhoneAccount {
  /** User part of the AOR. */
  readonly user: string;
  /** Host part of the AOR. */
  readonly domain: string;
  readonly authenticationName: string;
  readonly password: string;
  /** Goes into From. */
  readonly displayName: string;
  /** Stands beside the line key. */
  readonly label: string;
}

/** Host name or address without brackets, and port. */
export interface HostPort {
  readonly host: string;
  readonly port: number;
}

/** Everything a vendor's file needs. Values are raw: the vendor module escapes them. */
export interface PhoneConfiguration {
  readonly account: PhoneAccount;
  /**
   * Where REGISTER goes. Phones whose AOR takes the server's name (all but Poly's) are told the account's domain
   * in place of the host, and find the way by the outbound proxy.
   */
  readonly registrar: HostPort;
  readonly outboundProxy: HostPort;
  readonly transport: "udp" | "tcp" | "tls";
  readonly registrationExpiresSeconds: number;
  readonly language: PhoneLanguage;
  readonly time: { readonly ntpServer: string | undefined; readonly utcOffsetSeconds: number };
  /** Absolute base URL ending in `/` where the phone asks from now on; see `provisioningPath`. */
  readonly nextProvisioningUrl: string;
  readonly resyncSeconds: number;
  /** What the message key dials. */
  readonly voicemailNumber?: string;
  /** The phone subscribes to message-summary. */
  readonly messageWaiting: boolean;
  /** Tenant or region, where the screen has room for it. */
  readonly screenTitle: string;
  /** The pages on which a user signs in and out, for phones that have a key for them. */
  readonly screen: {
    /** Absolute URL ending in `/`, with the phone's secret; see `menuUrl`. */
    readonly url: string;
    /** What stands on the key; plain letters and spaces. */
    readonly keyLabel: string;
  };
  /** Left as it is on the phone when absent. */
  readonly adminPassword?: string;
  /** Written into the file as a comment, so that people can see which version a phone holds. */
  readonly configurationVersion: string;
}

/** What the phone is to be told. `reason` is sent to it as one short line of text. */
export type PhoneAnswer =
  | { readonly outcome: "configuration"; readonly configuration: PhoneConfiguration }
  | { readonly outcome: "refused"; readonly status: 403 | 404 | 429; readonly reason: string };

/** How a request ended, for the device's `lastRequest`. */
export interface PhoneRequestOutcome {
  /** HTTP status sent. */
  readonly status: number;
  /** One line an administrator can act on; undefined when all is well. */
  readonly note: string | undefined;
}

/** Who decides what a phone is told. Implemented over the domain, outside this folder. */
export interface PhoneDirectory {
  /** Called for `file: "configuration"` with a MAC only. A rejection becomes a 500 without detail. */
  answer(request: PhoneRequest): Promise<PhoneAnswer>;
  /** Called once after every request that names a MAC, whatever its file and status. */
  record(request: PhoneRequest, outcome: PhoneRequestOutcome): Promise<void>;
}
