import { type ChildProcess, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { pickPorts } from "./pick-ports.ts";

/** The usual ports: SIP, SIP over TLS, SIP over WebSocket, provisioning, admin. */
const usualPorts = [5060, 5061, 5066, 8080, 8081];
const startMilliseconds = 30_000;
const stopMilliseconds = 6_000;
const lookMilliseconds = 100;
const mostOutputCharacters = 20_000;

/** Settings that were meant for another gateway, and would lead this one elsewhere. */
const foreignSettings =
  /^(GATEWAY_CONFIG|REDIS_URL|NODE_ID|PROVISIONING_ACCESS|MEDIA_PORTS|TRUNK_URI|FIRMWARE_DIR|PHONE_TRANSPORT|ADMIN_PUBLIC_URL|SIP_TLS_(KEY|CERT)|OIDC_\w+)$/;

/**
 * A gateway of the demo's own: a child process on 127.0.0.1 with the laboratory open, and a data
 * folder that ends with it. Whoever starts one calls `stop()`.
 */
export class DemoGateway {
  /** `http://127.0.0.1:PORT` */
  readonly provisioningUrl: string;
  /** `http://127.0.0.1:PORT` */
  readonly adminUrl: string;
  readonly sipPort: number;
  /** The administrator's bearer token, new at each start. */
  readonly token = randomBytes(18).toString("base64url");
  readonly #dataDirectory: string;
  readonly #child: ChildProcess;
  #output = "";

  private constructor(ports: readonly number[], dataDirectory: string) {
    const [sipPort = 0, sipTlsPort = 0, sipWsPort = 0, provisioningPort = 0, adminPort = 0] = ports;
    this.sipPort = sipPort;
    this.provisioningUrl = `http://127.0.0.1:${provisioningPort}`;
    this.adminUrl = `http://127.0.0.1:${adminPort}`;
    this.#dataDirectory = dataDirectory;
    const inherited = Object.entries(process.env).filter(([name]) => !foreignSettings.test(name));
    this.#child = spawn(process.execPath, [join(import.meta.dirname, "../../main.ts")], {
      // Of a group of its own: Ctrl-C is the demo's to hear, which stops the phones first.
      detached: true,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        ...Object.fromEntries(inherited),
        LAB: "true",
        LOG_LEVEL: "warn",
        BIND_ADDRESS: "127.0.0.1",
        ADMIN_BIND_ADDRESS: "127.0.0.1",
        PUBLIC_ADDRESS: "127.0.0.1",
        SIP_PORT: String(sipPort),
        SIP_TLS_PORT: String(sipTlsPort),
        SIP_WS_PORT: String(sipWsPort),
        PROVISIONING_PORT: String(provisioningPort),
        ADMIN_PORT: String(adminPort),
        // Below the ports that systems hand out, of which the SIP port may be one.
        MEDIA_PORTS: "20000-23999",
        DATA_DIR: dataDirectory,
        ADMIN_TOKEN: this.token,
      },
    });
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => {
        this.#output = (this.#output + text).slice(-mostOutputCharacters);
      });
    }
  }

  /** Starts one and waits until it is ready. @throws Error with what it said when it does not become so */
  static async start(): Promise<DemoGateway> {
    const dataDirectory = await mkdtemp(join(tmpdir(), "sip-gateway-demo-"));
    const gateway = new DemoGateway(await pickPorts(usualPorts), dataDirectory);
    try {
      await gateway.#ready();
    } catch (error) {
      await gateway.stop();
      throw error;
    }
    return gateway;
  }

  /** Ends it, after six seconds by force, and deletes its data. */
  async stop(): Promise<void> {
    if (!this.#hasEnded()) {
      const exit = once(this.#child, "exit");
      this.#child.kill("SIGTERM");
      const abort = new AbortController();
      const late = wait(stopMilliseconds, "late", { signal: abort.signal }).catch(() => "ended");
      if ((await Promise.race([exit, late])) === "late") this.#child.kill("SIGKILL");
      await exit;
      abort.abort();
    }
    await rm(this.#dataDirectory, { recursive: true, force: true });
  }

  async #ready(): Promise<void> {
    for (let waited = 0; waited < startMilliseconds; waited += lookMilliseconds) {
      if (this.#hasEnded()) break;
      // Refused connections are what is waited through.
      const reply = await fetch(`${this.adminUrl}/readyz`).catch(() => undefined);
      if (reply?.ok) return;
      await wait(lookMilliseconds);
    }
    throw new Error(`The gateway did not become ready. It said:\n${this.#output}`);
  }

  #hasEnded(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }
}
