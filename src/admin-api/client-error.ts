import type { Socket } from "node:net";

/** What is answered to bytes that are no HTTP request, by Node's error code. */
const answers: Readonly<Record<string, { status: number; title: string; detail: string }>> = {
  HPE_HEADER_OVERFLOW: {
    status: 431,
    title: "Request Header Fields Too Large",
    detail: "The request's headers are too large.",
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    title: "Request Timeout",
    detail: "The request did not arrive in time.",
  },
};

const badRequest = { status: 400, title: "Bad Request", detail: "This is no HTTP request." };

/** Answers with a problem document where no request came to be, and hangs up. */
export function handleClientError(error: Error & { readonly code?: string }, socket: Socket): void {
  // Who reset the connection hears nothing more.
  if (error.code === "ECONNRESET" || !socket.writable) {
    socket.destroy();
    return;
  }
  const problem = { type: "about:blank", ...(answers[error.code ?? ""] ?? badRequest) };
  const body = JSON.stringify(problem);
  socket.end(
    `HTTP/1.1 ${problem.status} ${problem.title}\r\n` +
      "Content-Type: application/problem+json\r\n" +
      `Content-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
