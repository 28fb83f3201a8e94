import { type IncomingHttpHeaders, request } from "node:http";
import type { SipResponse } from "../../sip/message/sip-message.ts";
import type { GatewayProcess } from "../support/gateway-process.ts";
import { SipTestPhone, type TestAccount } from "../support/sip-test-phone.ts";

/** Where the stranger sits: not where the phones of these tests are. */
export const strangerAddress = "127.0.0.66";

interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Somebody on the network who knows a MAC address and no secret. All that he is told is kept. */
export class Stranger {
  /** Everything that anybody answered him. */
  readonly heard: string[] = [];
  readonly #gateway: GatewayProcess;

  constructor(gateway: GatewayProcess) {
    this.#gateway = gateway;
  }

  /** Fetches as a Yealink phone with this MAC address would. @param path from the root on, or a whole URL */
  async fetchAsPhone(path: string, macAddress: string): Promise<Reply> {
    const pairs = macAddress.match(/../g)?.join(":");
    const headers = { "user-agent": `Yealink SIP-T46S 66.86.0.15 ${pairs}` };
    return this.fetch(new URL(path, this.#gateway.provisioningUrl), { headers });
  }

  /** A request from his address. */
  fetch(
    url: URL,
    options: { method?: string; headers?: Record<string, string>; body?: string } = {},
  ): Promise<Reply> {
    const { method = "GET", headers = {}, body = "" } = options;
    return new Promise((resolve, reject) => {
      const asked = request(
        url,
        { method, headers, localAddress: strangerAddress, agent: false },
        (response) => {
          let text = "";
          response.setEncoding("utf8");
          response.on("data", (part: string) => {
            text += part;
          });
          response.on("end", () => {
            this.heard.push(JSON.stringify(response.headers), text);
            resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text });
          });
        },
      );
      asked.on("error", reject);
      asked.end(body);
    });
  }

  /** Runs with a SIP socket at his address, and keeps the answer. */
  async sip(
    account: TestAccount,
    ask: (phone: SipTestPhone) => Promise<SipResponse>,
  ): Promise<SipResponse> {
    const phone = await SipTestPhone.open(this.#gateway.sipPort, account, "UDP", strangerAddress);
    try {
      const answer = await ask(phone);
      this.heard.push([...answer.headers].flat().join(" "));
      return answer;
    } finally {
      await phone.close();
    }
  }

  /** Types a pairing code on the sign-in page. @returns what the page says of it */
  async guessPairingCode(userCode: string): Promise<string> {
    const url = new URL("/devicelogin", this.#gateway.adminUrl);
    const page = await this.fetch(url);
    const cookie = (page.headers["set-cookie"] ?? []).map((line) => line.split(";")[0]).join("; ");
    const xsrf = /name="xsrf" value="([^"]*)"/.exec(page.body)?.[1] ?? "";
    const headers = { cookie, "content-type": "application/x-www-form-urlencoded" };
    const body = new URLSearchParams({ xsrf, user_code: userCode }).toString();
    const answer = await this.fetch(url, { method: "POST", headers, body });
    return /role="alert">([^<]*)</.exec(answer.body)?.[1] ?? answer.body;
  }
}
