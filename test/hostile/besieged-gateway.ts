import { readFileSync } from "node:fs";
import { expect } from "vitest";
import { AdminClient } from "../support/admin-client.ts";
import { GatewayProcess } from "../support/gateway-process.ts";
import { SipTestPhone, type TestAccount } from "../support/sip-test-phone.ts";
import { fetchYealinkAccount } from "../support/yealink-configuration.ts";

const macAddress = "80:5e:c0:0b:ad:01";
/** What a log line says when something went wrong that nobody foresaw. */
const faultWords = /uncaught|unhandled|nothing handled|met a fault|"level":"(?:error|fatal)"/i;

/** The most that a gateway may hold in memory, whatever was thrown at it, in megabytes. */
export const mostMegabytes = 400;

/**
 * A gateway process under attack, and a phone that has to register there all the same. Whoever
 * starts one calls `stop()`.
 */
export class BesiegedGateway {
  readonly process: GatewayProcess;
  readonly admin: AdminClient;
  readonly account: TestAccount;

  private constructor(process: GatewayProcess, admin: AdminClient, account: TestAccount) {
    this.process = process;
    this.admin = admin;
    this.account = account;
  }

  /** Starts a gateway in laboratory mode, with a device whose phone has its account already. */
  static async start(environment: Record<string, string> = {}): Promise<BesiegedGateway> {
    const process = await GatewayProcess.start({ environment: { LAB: "true", ...environment } });
    try {
      const admin = new AdminClient(process);
      await admin.addDevice(macAddress);
      const fetched = await fetchYealinkAccount(process.provisioningUrl, "noam", macAddress);
      const gateway = new BesiegedGateway(process, admin, fetched);
      // The first of everything is slow: code is loaded and compiled.
      for (let round = 0; round < 5; round++) await gateway.registrationMilliseconds("UDP");
      await gateway.registrationMilliseconds("TCP");
      return gateway;
    } catch (error) {
      await process.stop();
      throw error;
    }
  }

  get sipPort(): number {
    return this.process.sipPort;
  }

  /** Resident memory, in megabytes. */
  residentMegabytes(): number {
    const status = readFileSync(`/proc/${this.process.processId}/status`, "utf8");
    const kilobytes = /^VmRSS:\s+([0-9]+) kB$/m.exec(status)?.[1];
    return Math.round(Number(kilobytes) / 1024);
  }

  /** Registers a phone, with its challenge, and takes it off again. @returns how long the first took */
  async registrationMilliseconds(transport: "UDP" | "TCP"): Promise<number> {
    const phone = await SipTestPhone.open(this.sipPort, this.account, transport);
    try {
      const started = performance.now();
      const request = {
        method: "REGISTER",
        uri: `sip:${this.account.domain}`,
        to: `<${phone.aor}>`,
      };
      const answer = await phone.call({ ...request, headers: ["Expires: 300"] });
      const milliseconds = performance.now() - started;
      expect(answer.status).toBe(200);
      expect((await phone.call({ ...request, headers: ["Expires: 0"] })).status).toBe(200);
      return milliseconds;
    } finally {
      await phone.close();
    }
  }

  /**
   * Fails unless the gateway runs, met no fault, registers a phone over UDP and TCP, and takes no more
   * memory than it may. Prints the memory.
   */
  async expectWell(what: string, before: number, most = mostMegabytes): Promise<void> {
    await this.registrationMilliseconds("UDP");
    await this.registrationMilliseconds("TCP");
    const after = this.residentMegabytes();
    console.log(`${what}: ${before} MB before, ${after} MB after`);
    expect(after).toBeLessThan(most);
    expect(this.process.output).not.toMatch(faultWords);
    for (const url of [this.process.adminUrl, this.process.provisioningUrl]) {
      expect((await fetch(`${url}/healthz`)).status).toBeLessThan(500);
    }
  }

  /** One number of the metrics page; 0 where the series has not begun. */
  async metric(series: string): Promise<number> {
    const page = await this.admin.metrics();
    const line = page.split("\n").find((text) => text.startsWith(`${series} `));
    return line === undefined ? 0 : Number(line.slice(series.length + 1));
  }

  stop(): Promise<void> {
    return this.process.stop();
  }
}
