import { readFile } from "node:fs/promises";
import { decodeMuLaw, encodeG711, type G711Encoding, g711SampleRate } from "./g711.ts";
import { cutIntoPackets, type Sound } from "./sound.ts";

/** One thing to say: a word by the name of its file in words/, or silence in milliseconds. */
export type Utterance = string | number;

/** Silence in µ-law: the code of a zero (ITU-T G.711). */
const muLawSilence = 0xff;

/** The recorded words, read from their files when they are first said. */
export class SpokenWords {
  readonly #recordings = new Map<string, Buffer>();

  /** @throws the system's error when a word's file cannot be read */
  async say(utterances: readonly Utterance[]): Promise<Sound> {
    const parts: Buffer[] = [];
    for (const utterance of utterances) {
      parts.push(
        typeof utterance === "number"
          ? Buffer.alloc(Math.round((utterance * g711SampleRate) / 1000), muLawSilence)
          : await this.#recording(utterance),
      );
    }
    return new RecordedSound(Buffer.concat(parts));
  }

  async #recording(word: string): Promise<Buffer> {
    const known = this.#recordings.get(word);
    if (known !== undefined) return known;
    const recording = await readFile(new URL(`words/${word}.ulaw`, import.meta.url));
    this.#recordings.set(word, recording);
    return recording;
  }
}

class RecordedSound implements Sound {
  readonly #muLaw: Buffer;

  constructor(muLaw: Buffer) {
    this.#muLaw = muLaw;
  }

  packets(encoding: G711Encoding): readonly Buffer[] {
    const isMuLaw = encoding === "PCMU";
    return cutIntoPackets(isMuLaw ? this.#muLaw : encodeG711(decodeMuLaw(this.#muLaw), encoding));
  }
}
