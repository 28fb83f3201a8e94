import { encodeG711, type G711Encoding, g711SampleRate } from "./g711.ts";
import { cutIntoPackets, type Sound } from "./sound.ts";

/** Three rising tones: nobody takes them for the fast busy that a failed call sounds like. */
const notes = [
  { hertz: 523, milliseconds: 500 },
  { hertz: 659, milliseconds: 500 },
  { hertz: 784, milliseconds: 1000 },
] as const;

/** A tenth of full scale is clearly heard and hurts nobody who wears a headset. */
const amplitude = 8000;
const fadeMilliseconds = 20;

/**
 * The sound that says that what was dialled has been done, two seconds. Made once for each
 * encoding, when it is first asked for.
 */
export class ConfirmationTone implements Sound {
  readonly #packets = new Map<G711Encoding, readonly Buffer[]>();

  packets(encoding: G711Encoding): readonly Buffer[] {
    const made = this.#packets.get(encoding) ?? cutIntoPackets(encodeG711(synthesize(), encoding));
    this.#packets.set(encoding, made);
    return made;
  }
}

function synthesize(): Int16Array {
  const samples: number[] = [];
  for (const { hertz, milliseconds } of notes) {
    const count = (g711SampleRate * milliseconds) / 1000;
    for (let index = 0; index < count; index++) {
      const wave = Math.sin((2 * Math.PI * hertz * index) / g711SampleRate);
      samples.push(Math.round(amplitude * fade(index, count) * wave));
    }
  }
  return Int16Array.from(samples);
}

/** Between 0 and 1: each note swells and dies away, so that nothing clicks. */
function fade(index: number, count: number): number {
  const fadeSamples = (g711SampleRate * fadeMilliseconds) / 1000;
  return Math.min(1, index / fadeSamples, (count - index) / fadeSamples);
}
