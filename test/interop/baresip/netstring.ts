/** The most bytes that one message of baresip may have. */
const mostBytes = 1_000_000;

/** Frames a text as `LENGTH:TEXT,` (Bernstein's netstrings, which baresip's ctrl_tcp speaks). */
export function encodeNetstring(text: string): Buffer {
  const body = Buffer.from(text, "utf8");
  return Buffer.concat([Buffer.from(`${body.length}:`), body, Buffer.from(",")]);
}

/** Takes netstrings out of a stream that comes in pieces. */
export class NetstringReader {
  #pending = Buffer.alloc(0);

  /**
   * The texts that are complete with this piece.
   * @throws Error when the stream is not one of netstrings
   */
  read(piece: Buffer): string[] {
    this.#pending = Buffer.concat([this.#pending, piece]);
    const texts: string[] = [];
    for (let text = this.#next(); text !== undefined; text = this.#next()) texts.push(text);
    return texts;
  }

  #next(): string | undefined {
    const colon = this.#pending.indexOf(":");
    if (colon < 0) return undefined;
    const length = Number(this.#pending.toString("latin1", 0, colon));
    if (!Number.isInteger(length) || length > mostBytes) throw new Error("Not a netstring.");
    const end = colon + 1 + length;
    if (this.#pending.length <= end) return undefined;
    const text = this.#pending.toString("utf8", colon + 1, end);
    this.#pending = this.#pending.subarray(end + 1);
    return text;
  }
}
