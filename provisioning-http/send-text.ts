import { createHash } from "node:crypto";
import type { FastifyReply, FastifyRequest } from "fastify";
import parseRange from "range-parser";

/**
 * Sends a file that was made in memory, as RFC 9110 asks: a strong ETag from its bytes, 304 to a
 * matching If-None-Match (§13.1.2), 206 or 416 to a Range (§14) unless If-Range says otherwise,
 * the whole for several ranges at once, and no body to HEAD.
 */
export function sendText(
  request: FastifyRequest,
  reply: FastifyReply,
  text: string,
  contentType: string,
): FastifyReply {
  const content = Buffer.from(text, "utf8");
  const etag = `"${createHash("sha256").update(content).digest("base64url").slice(0, 27)}"`;
  reply.header("etag", etag).header("cache-control", "no-store").header("accept-ranges", "bytes");
  if (matches(request.headers["if-none-match"], etag)) return reply.code(304).send();
  reply.header("content-type", contentType);
  const range = readRange(request, etag, content.length);
  if (range === "unsatisfiable") {
    reply.header("content-range", `bytes */${content.length}`);
    return reply.code(416).send();
  }
  if (range === undefined) return reply.code(200).send(content);
  reply.header("content-range", `bytes ${range.start}-${range.end}/${content.length}`);
  return reply.code(206).send(content.subarray(range.start, range.end + 1));
}

function matches(header: string | undefined, etag: string): boolean {
  if (header === undefined) return false;
  if (header.trim() === "*") return true;
  return header.split(",").some((candidate) => candidate.trim().replace(/^W\//, "") === etag);
}

/** Range applies to GET alone (RFC 9110 §14.2). */
function readRange(
  request: FastifyRequest,
  etag: string,
  size: number,
): { readonly start: number; readonly end: number } | "unsatisfiable" | undefined {
  const { range: header, "if-range": condition } = request.headers;
  if (request.method !== "GET" || header === undefined) return undefined;
  if (condition !== undefined && condition !== etag) return undefined;
  const ranges = parseRange(size, header);
  if (ranges === -1) return "unsatisfiable";
  if (ranges === -2 || ranges.type !== "bytes" || ranges.length !== 1) return undefined;
  return ranges[0];
}
