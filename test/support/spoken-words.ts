import { readdirSync, readFileSync } from "node:fs";
import type { ReceivedRtp } from "./sip-rtp-listener.ts";

const folder = new URL("../../src/signaling/announcements/words/", import.meta.url);

/** The µ-law bytes of a recorded word. */
export function recordingOf(word: string): Buffer {
  return readFileSync(new URL(`${word}.ulaw`, folder));
}

/** The words that were said, in their order: those whose whole recordings are in the µ-law packets. */
export function wordsIn(packets: readonly ReceivedRtp[]): string[] {
  const heard = Buffer.concat(packets.map(({ payload }) => payload));
  const names = readdirSync(folder).filter((name) => name.endsWith(".ulaw"));
  const said: { readonly word: string; readonly at: number }[] = [];
  for (const word of names.map((name) => name.slice(0, -".ulaw".length))) {
    const recording = recordingOf(word);
    let at = heard.indexOf(recording);
    for (; at >= 0; at = heard.indexOf(recording, at + 1)) said.push({ word, at });
  }
  return said.sort((left, right) => left.at - right.at).map(({ word }) => word);
}
