import type { PhoneConfiguration, RequestedFile } from "../phone-directory.ts";
import type { ServedVendor } from "../vendor.ts";

/** What a User-Agent says. */
export interface UserAgentFacts {
  readonly model: string | undefined;
  readonly firmware: string | undefined;
  /** 12 lower-case hex digits. */
  readonly mac: string | undefined;
  readonly bootStage: boolean;
}

/** What is needed for a file that leads to the configuration and holds no secret. */
export interface EntryContext {
  /** From the path or the User-Agent. */
  readonly mac: string | undefined;
  /** Absolute URL, ending in `/`, of the folder the phone asked in; holds its secret if it has one. */
  readonly baseUrl: string;
  readonly firmwareUrl: string | undefined;
}

/** What a vendor makes of a file name. */
export interface RecognizedFile {
  readonly file: RequestedFile;
  /** 12 lower-case hex digits, where the vendor knows better than to take the first MAC in the name. */
  readonly mac: string | undefined;
  /** For `entry`: its text. */
  readonly entry?: (context: EntryContext) => string;
  /** For `firmware`: the model the file name stands for, when it says one. */
  readonly model?: string | undefined;
  /** For `foreign`: what an administrator can do. */
  readonly reason?: string;
}

/** What is needed to write a vendor's configuration. */
export interface RenderContext {
  readonly configuration: PhoneConfiguration;
  /** 12 lower-case hex digits. */
  readonly mac: string;
  /** Absolute URL of the image for this model, when the firmware folder holds one. */
  readonly firmwareUrl: string | undefined;
}

/** The Events of a NOTIFY that this vendor's phones act upon, with their parameters as they go on the wire. */
export interface NotifyEvents {
  /** Makes it fetch its configuration. */
  readonly resync: string;
  /** Makes it restart. */
  readonly restart: string;
}

/** All that is known of one vendor's phones: how they ask, and what they are told. */
export interface VendorModule {
  readonly vendor: ServedVendor;
  /** MIME type of entries and configurations. */
  readonly contentType: string;
  readonly events: NotifyEvents;
  /** Reads a User-Agent of this vendor; undefined when it is not one. */
  readUserAgent(userAgent: string): UserAgentFacts | undefined;
  /**
   * What a file name means to a phone that is known to be of this vendor; undefined when nothing.
   *
   * @param facts of the User-Agent, if it had any: some files are complete only with a MAC.
   */
  recognizeFile(
    fileName: string,
    method: string,
    facts: UserAgentFacts | undefined,
  ): RecognizedFile | undefined;
  /** Whether only this vendor's phones ask for such a file, so that it is told even without a User-Agent. */
  ownsFile(fileName: string): boolean;
  render(context: RenderContext): string;
}
