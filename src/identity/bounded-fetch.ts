import type { CustomFetch } from "openid-client";

/** Most bytes of an issuer's answer; a set of many keys with their certificates stays below. */
const mostAnswerBytes = 512 * 1024;

/**
 * A fetch that reads no more of an answer than it may.
 * @param rewrite gives the URL that is really asked
 */
export function boundedFetch(rewrite: (url: string) => string = (url) => url): CustomFetch {
  return async (url, options) => {
    const { body, ...others } = options;
    const request: RequestInit = { ...others, body: body ?? null };
    const response = await fetch(rewrite(url), request);
    const { status, statusText, headers } = response;
    return new Response(await readBounded(response), { status, statusText, headers });
  };
}

async function readBounded(response: Response): Promise<Buffer | null> {
  if (response.body === null) return null;
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body) {
    bytes += chunk.length;
    // Leaving the loop ends the stream.
    if (bytes > mostAnswerBytes) throw new Error("the answer is too large");
    chunks.push(chunk);
  }
  return chunks.length === 0 ? null : Buffer.concat(chunks);
}
