import { type G711Encoding, g711PayloadTypes, g711SampleRate } from "./g711.ts";

/** The most of an SDP body that is read, in bytes; a phone's is under two thousand. */
const mostBytes = 16_384;
const mostMediaSections = 16;

type Direction = "sendrecv" | "sendonly" | "recvonly" | "inactive";

/** One `m=` section of an SDP body (RFC 8866 §5.14). */
interface MediaSection {
  readonly type: string;
  readonly port: number;
  readonly protocol: string;
  readonly formats: readonly string[];
  connectionAddress: string | undefined;
  direction: Direction | undefined;
  /** Encoding name and rate by payload type, from `a=rtpmap`. */
  readonly encodings: Map<string, string>;
}

/** Where and how a phone wants to hear sound. */
export interface AudioTarget {
  /** From `c=`: an IP literal, or a name that nobody asked for. */
  readonly address: string;
  readonly port: number;
  readonly encoding: G711Encoding;
  readonly payloadType: number;
  /** Whether the phone is willing to hear us (RFC 3264 §6.1). */
  readonly listening: boolean;
}

/** What an SDP body turned out to be. */
export type SessionReading =
  | { readonly ok: true; readonly session: SessionDescription }
  | { readonly ok: false; readonly reason: string };

/** The phone's half of an offer and answer, as far as a tone needs it. */
export interface SessionDescription {
  readonly audio: AudioTarget | undefined;
  readonly sections: readonly {
    readonly type: string;
    readonly protocol: string;
    readonly formats: readonly string[];
  }[];
  /** Which of the sections `audio` is. */
  readonly audioIndex: number;
}

/** Reads an SDP body (RFC 8866) as far as a G.711 tone needs it. Malformed lines are faults, unknown ones not. */
export function readSessionDescription(body: Buffer): SessionReading {
  if (body.length > mostBytes) return { ok: false, reason: "The SDP is too long." };
  const lines = body.toString("latin1").split(/\r\n|\n|\r/);
  if (lines[0]?.trim() !== "v=0") return { ok: false, reason: "The SDP does not begin with v=0." };

  let sessionAddress: string | undefined;
  let sessionDirection: Direction | undefined;
  const sections: MediaSection[] = [];
  for (const line of lines) {
    const section = sections.at(-1);
    if (line.startsWith("m=")) {
      const media = readMediaLine(line.slice(2));
      if (media === undefined || sections.length === mostMediaSections) {
        return { ok: false, reason: "The SDP has a media line that cannot be read." };
      }
      sections.push(media);
    } else if (line.startsWith("c=")) {
      const address = readConnectionLine(line.slice(2));
      if (section === undefined) sessionAddress = address;
      else section.connectionAddress = address;
    } else if (line.startsWith("a=")) {
      const direction = readDirection(line.slice(2));
      if (section === undefined) sessionDirection = direction ?? sessionDirection;
      else if (direction !== undefined) section.direction = direction;
      else readEncoding(line.slice(2), section);
    }
  }
  return { ok: true, session: summarize(sections, sessionAddress, sessionDirection) };
}

function readMediaLine(text: string): MediaSection | undefined {
  const match = /^(\S{1,32}) (\d{1,5})(?:\/\d{1,5})? (\S{1,64}) (.{1,512})$/.exec(text.trimEnd());
  if (match === null) return undefined;
  const port = Number(match[2]);
  if (port > 65_535) return undefined;
  return {
    type: (match[1] ?? "").toLowerCase(),
    port,
    protocol: match[3] ?? "",
    formats: (match[4] ?? "").split(" ").filter((format) => format !== ""),
    connectionAddress: undefined,
    direction: undefined,
    encodings: new Map(),
  };
}

function readConnectionLine(text: string): string | undefined {
  return /^IN IP[46] ([0-9A-Za-z.:_-]{1,255})(?:\/\S*)?$/.exec(text.trimEnd())?.[1];
}

function readDirection(attribute: string): Direction | undefined {
  const name = attribute.trimEnd();
  return name === "sendrecv" || name === "sendonly" || name === "recvonly" || name === "inactive"
    ? name
    : undefined;
}

function readEncoding(attribute: string, section: MediaSection): void {
  const match = /^rtpmap:(\d{1,3}) ([A-Za-z0-9-]{1,32})\/(\d{1,6})(?:\/1)?$/.exec(
    attribute.trimEnd(),
  );
  if (match === null || section.encodings.size >= 64) return;
  section.encodings.set(match[1] ?? "", `${(match[2] ?? "").toUpperCase()}/${match[3]}`);
}

function summarize(
  sections: readonly MediaSection[],
  sessionAddress: string | undefined,
  sessionDirection: Direction | undefined,
): SessionDescription {
  for (const [audioIndex, section] of sections.entries()) {
    const audio = readAudio(section, sessionAddress, sessionDirection ?? "sendrecv");
    if (audio !== undefined) return { audio, sections, audioIndex };
  }
  return { audio: undefined, sections, audioIndex: -1 };
}

function readAudio(
  section: MediaSection,
  sessionAddress: string | undefined,
  sessionDirection: Direction,
): AudioTarget | undefined {
  const address = section.connectionAddress ?? sessionAddress;
  if (section.type !== "audio" || section.port === 0 || address === undefined) return undefined;
  if (section.protocol !== "RTP/AVP" && section.protocol !== "RTP/AVPF") return undefined;
  for (const format of section.formats) {
    const encoding = encodingOf(format, section);
    if (encoding === undefined) continue;
    const direction = section.direction ?? sessionDirection;
    return {
      address,
      port: section.port,
      encoding,
      payloadType: Number(format),
      // 0.0.0.0 is how a phone says hold since RFC 2543.
      listening: (direction === "sendrecv" || direction === "recvonly") && address !== "0.0.0.0",
    };
  }
  return undefined;
}

function encodingOf(format: string, section: MediaSection): G711Encoding | undefined {
  const mapped = section.encodings.get(format);
  if (mapped === `PCMU/${g711SampleRate}`) return "PCMU";
  if (mapped === `PCMA/${g711SampleRate}`) return "PCMA";
  if (mapped !== undefined) return undefined;
  if (format === String(g711PayloadTypes.PCMU)) return "PCMU";
  if (format === String(g711PayloadTypes.PCMA)) return "PCMA";
  return undefined;
}

/** Our end of the session. */
export interface LocalMedia {
  /** An IP literal. */
  readonly address: string;
  readonly port: number;
  /** Tells this session from every other one of ours (the `o=` line). */
  readonly sessionId: number;
}

/** The SDP answer to an offer: its G.711 section is taken, each other one refused by port 0 (RFC 3264 §6). */
export function buildAnswer(offer: SessionDescription, local: LocalMedia): Buffer {
  const lines = openingLines(local);
  for (const [index, section] of offer.sections.entries()) {
    if (index === offer.audioIndex && offer.audio !== undefined) {
      const { encoding, payloadType, listening } = offer.audio;
      lines.push(
        `m=audio ${local.port} ${section.protocol} ${payloadType}`,
        `a=rtpmap:${payloadType} ${encoding}/${g711SampleRate}`,
        "a=ptime:20",
        listening ? "a=sendrecv" : "a=recvonly",
      );
    } else {
      lines.push(`m=${section.type} 0 ${section.protocol} ${section.formats.join(" ")}`);
    }
  }
  return toBody(lines);
}

/** The SDP offer to a phone that sent none: both encodings of G.711. */
export function buildOffer(local: LocalMedia): Buffer {
  return toBody([
    ...openingLines(local),
    `m=audio ${local.port} RTP/AVP 0 8`,
    `a=rtpmap:0 PCMU/${g711SampleRate}`,
    `a=rtpmap:8 PCMA/${g711SampleRate}`,
    "a=ptime:20",
    "a=sendrecv",
  ]);
}

function openingLines(local: LocalMedia): string[] {
  const family = local.address.includes(":") ? "IP6" : "IP4";
  return [
    "v=0",
    `o=- ${local.sessionId} ${local.sessionId} IN ${family} ${local.address}`,
    "s=-",
    `c=IN ${family} ${local.address}`,
    "t=0 0",
  ];
}

function toBody(lines: readonly string[]): Buffer {
  return Buffer.from(`${lines.join("\r\n")}\r\n`, "latin1");
}
