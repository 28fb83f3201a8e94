/** The linear sample of a µ-law byte (ITU-T G.711, decoded from its definition, not from our encoder). */
export function decodeMuLaw(byte: number): number {
  const bits = ~byte & 0xff;
  const magnitude = ((((bits & 0x0f) << 3) + 0x84) << ((bits & 0x70) >> 4)) - 0x84;
  return (bits & 0x80) === 0 ? magnitude : -magnitude;
}

/** The linear sample of an A-law byte (ITU-T G.711). */
export function decodeALaw(byte: number): number {
  const bits = byte ^ 0x55;
  const segment = (bits & 0x70) >> 4;
  const step = (bits & 0x0f) << 4;
  const magnitude = segment === 0 ? step + 8 : (step + 0x108) << (segment - 1);
  return (bits & 0x80) === 0 ? -magnitude : magnitude;
}
