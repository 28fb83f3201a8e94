import { Agent, get, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { type SignedInPhone, userAgentOf } from "./seed-signed-in-devices.ts";

/** Connections that the phones share: each one's own would be ten thousand ports. */
const connections = 64;

/** Fetches phones' configurations from their next URLs, over connections that are kept. */
export class ConfigurationFetcher {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: connections });
  readonly #provisioningUrl: string;

  /** @param provisioningUrl without a slash at the end */
  constructor(provisioningUrl: string) {
    this.#provisioningUrl = provisioningUrl;
  }

  /**
   * @returns the file's text; undefined when the gateway is not there or went away meanwhile
   * @throws Error with the answer when it is none of 200
   */
  async fetch({ configurationPath, macAddress }: SignedInPhone): Promise<string | undefined> {
    const url = `${this.#provisioningUrl}${configurationPath}`;
    const headers = { "user-agent": userAgentOf(macAddress) };
    let body: string;
    let response: IncomingMessage;
    try {
      response = await new Promise<IncomingMessage>((resolve, reject) => {
        get(url, { agent: this.#agent, headers }, resolve).on("error", reject);
      });
      body = await text(response);
    } catch (error) {
      if (isConnectionLoss(error)) return undefined;
      throw error;
    }
    if (response.statusCode === 200) return body;
    throw new Error(`${macAddress} was answered ${response.statusCode}: ${body}`);
  }

  close(): void {
    this.#agent.destroy();
  }
}

function isConnectionLoss(error: unknown): boolean {
  if (!(error instanceof Error && "code" in error)) return false;
  return ["ECONNRESET", "ECONNREFUSED", "EPIPE", "ERR_STREAM_PREMATURE_CLOSE"].includes(
    String(error.code),
  );
}
