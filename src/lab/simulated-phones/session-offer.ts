import { isIP } from "node:net";
import type { SilenceTarget } from "./silence.ts";

/** The SDP offer of a desk phone: G.711 in both laws and telephone events (RFC 8866, RFC 3551). */
export function buildSessionOffer(address: string, port: number, sessionId: number): Buffer {
  const family = address.includes(":") ? "IP6" : "IP4";
  const lines = [
    "v=0",
    `o=- ${sessionId} ${sessionId} IN ${family} ${address}`,
    "s=call",
    `c=IN ${family} ${address}`,
    "t=0 0",
    `m=audio ${port} RTP/AVP 0 8 101`,
    "a=rtpmap:0 PCMU/8000",
    "a=rtpmap:8 PCMA/8000",
    "a=rtpmap:101 telephone-event/8000",
    "a=fmtp:101 0-15",
    "a=ptime:20",
    "a=sendrecv",
  ];
  return Buffer.from(`${lines.join("\r\n")}\r\n`);
}

/** Whether an answer takes our audio: its first `m=` line has a port. */
export function acceptsAudio(answer: Buffer): boolean {
  return /^m=audio [1-9]\d{0,4} /m.test(answer.toString("latin1"));
}

/** Where an offer or an answer wants its audio; undefined when it wants none, or none in G.711. */
export function readAudioTarget(session: Buffer): SilenceTarget | undefined {
  const text = session.toString("latin1");
  if (/^a=(?:sendonly|inactive)\b/m.test(text)) return undefined;
  const [, port, formats = ""] = /^m=audio ([1-9]\d{0,4}) RTP\/AVP ([\d ]+)/m.exec(text) ?? [];
  // The address of the media where it has one of its own, else that of the session.
  const address = [...text.matchAll(/^c=IN IP[46] (\S+)/gm)].at(-1)?.[1] ?? "";
  const payloadType = formats.split(" ").find((format) => format === "0" || format === "8");
  if (port === undefined || payloadType === undefined || isIP(address) === 0) return undefined;
  return { address, port: Number(port), payloadType: payloadType === "0" ? 0 : 8 };
}
