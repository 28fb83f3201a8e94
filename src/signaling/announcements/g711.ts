/** The two encodings of ITU-T G.711, by their names in SDP (RFC 3551 §4.5.14). */
export type G711Encoding = "PCMU" | "PCMA";

/** The static RTP payload type of each encoding (RFC 3551 §6, table 4). */
export const g711PayloadTypes: Readonly<Record<G711Encoding, number>> = { PCMU: 0, PCMA: 8 };

/** Samples a second of G.711. */
export const g711SampleRate = 8000;

const muLawBias = 0x84;
const muLawClip = 32_635;

/** Encodes linear 16-bit samples, one byte a sample (ITU-T G.711). */
export function encodeG711(samples: Int16Array, encoding: G711Encoding): Buffer {
  const encode = encoding === "PCMU" ? encodeMuLaw : encodeALaw;
  const bytes = Buffer.allocUnsafe(samples.length);
  for (const [index, sample] of samples.entries()) bytes[index] = encode(sample);
  return bytes;
}

/** The linear 16-bit samples of µ-law bytes, the middle of each step (ITU-T G.711). */
export function decodeMuLaw(bytes: Buffer): Int16Array {
  return Int16Array.from(bytes, (byte) => {
    const code = ~byte & 0xff;
    const magnitude = ((((code & 0x0f) << 3) + muLawBias) << ((code >> 4) & 0x07)) - muLawBias;
    return (code & 0x80) === 0 ? magnitude : -magnitude;
  });
}

function encodeMuLaw(sample: number): number {
  const sign = sample < 0 ? 0x80 : 0;
  const magnitude = Math.min(Math.abs(sample), muLawClip) + muLawBias;
  const exponent = 31 - Math.clz32(magnitude) - 7;
  const mantissa = (magnitude >> (exponent + 3)) & 0x0f;
  return ~(sign | (exponent << 4) | mantissa) & 0xff;
}

/** Every other bit of an A-law byte is inverted on the line, so that silence is not all zeros. */
const aLawInversion = 0x55;

function encodeALaw(sample: number): number {
  const sign = sample < 0 ? 0 : 0x80;
  const magnitude = (sample < 0 ? ~sample : sample) >> 4;
  if (magnitude < 32) return (sign | magnitude) ^ aLawInversion;
  const segment = 31 - Math.clz32(magnitude) - 3;
  const mantissa = (magnitude >> (segment - 1)) & 0x0f;
  return (sign | (segment << 4) | mantissa) ^ aLawInversion;
}
