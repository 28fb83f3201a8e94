import type { IncomingMessage } from "node:http";

/** Most bytes that a form of ours can take: two fields of 256 characters, encoded. */
const mostFormBytes = 8 * 1024;

/** As node:stream gives it to those who leave a body half read and still answer. */
type Body = AsyncIterable<Buffer>;

/** Reads a form (application/x-www-form-urlencoded); undefined when it is none or too large. */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams | undefined> {
  const type = request.headers["content-type"] ?? "";
  if (!/^application\/x-www-form-urlencoded\b/i.test(type)) return undefined;
  const chunks: Buffer[] = [];
  let bytes = 0;
  // A form that is too large is answered too, so the request must not be destroyed with the reading.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as Body) {
    bytes += chunk.length;
    if (bytes > mostFormBytes) return undefined;
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString("utf8"));
}
