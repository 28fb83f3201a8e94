import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { freePorts } from "./free-ports.ts";
import { waitUntil } from "./wait-until.ts";

/** The repository's root. */
export const projectRoot = join(import.meta.dirname, "../..");

const adminToken = "token-of-the-tests";
/** For the gateway's own sound, in tests. */
export const mediaPorts = "20000-23999";

const mostOutputCharacters = 200_000;
const stopMilliseconds = 5_000;
const startMilliseconds = 20_000;

/** How a gateway is started. */
export interface GatewayProcessOptions {
  /** Settings by name, over those that the tests give (ports, addresses, data folder, token). */
  readonly environment?: Readonly<Record<string, string>>;
}

/**
 * A whole gateway as its users run it: a process of its own, on free ports of 127.0.0.1, with a
 * data folder of its own. Whoever starts one calls `stop()`.
 */
export class GatewayProcess {
  readonly sipPort: number;
  readonly sipTlsPort: number;
  readonly sipWsPort: number;
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly provisioningUrl: string;
  /** `http://127.0.0.1:PORT`: the API is below `/api/v1`. */
  readonly adminUrl: string;
  /** The administrator's bearer token. */
  readonly token = adminToken;
  readonly dataDirectory: string;
  readonly #environment: Readonly<Record<string, string | undefined>>;
  #process: ChildProcess | undefined;
  #output = "";

  private constructor(
    ports: readonly number[],
    dataDirectory: string,
    environment: Readonly<Record<string, string>>,
  ) {
    const [sipPort = 0, sipTlsPort = 0, sipWsPort = 0, provisioningPort = 0, adminPort = 0] = ports;
    this.sipPort = sipPort;
    this.sipTlsPort = sipTlsPort;
    this.sipWsPort = sipWsPort;
    this.provisioningUrl = `http://127.0.0.1:${provisioningPort}`;
    this.adminUrl = `http://127.0.0.1:${adminPort}`;
    this.dataDirectory = dataDirectory;
    this.#environment = {
      ...withoutGatewaySettings(process.env),
      BIND_ADDRESS: "127.0.0.1",
      ADMIN_BIND_ADDRESS: "127.0.0.1",
      PUBLIC_ADDRESS: "127.0.0.1",
      SIP_PORT: String(sipPort),
      SIP_TLS_PORT: String(sipTlsPort),
      SIP_WS_PORT: String(sipWsPort),
      PROVISIONING_PORT: String(provisioningPort),
      ADMIN_PORT: String(adminPort),
      DATA_DIR: dataDirectory,
      ADMIN_TOKEN: adminToken,
      LOG_LEVEL: "warn",
      // Below the ports that systems hand out: the SIP port may not lie within.
      MEDIA_PORTS: mediaPorts,
      ...environment,
    };
  }

  /** Starts a gateway and waits until it is ready. */
  static async start(options: GatewayProcessOptions = {}): Promise<GatewayProcess> {
    const ports = await freePorts(5);
    const dataDirectory = await mkdtemp(join(tmpdir(), "sip-gateway-"));
    const gateway = new GatewayProcess(ports, dataDirectory, options.environment ?? {});
    try {
      await gateway.#launch();
    } catch (error) {
      await gateway.stop();
      throw error;
    }
    return gateway;
  }

  /** What it has written on stdout and stderr, of all its starts; only the last part when long. */
  get output(): string {
    return this.#output;
  }

  /** The operating system's number of the running process. */
  get processId(): number | undefined {
    return this.#process?.pid;
  }

  /** Ends it as a power cut would (SIGKILL); its data stays. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  /** Starts it again on the same ports and data, after a `kill()` or, when it runs, a SIGTERM. */
  async restart(): Promise<void> {
    await this.#end("SIGTERM");
    await this.#launch();
  }

  /**
   * Asks it to end (SIGTERM), as a service manager does; its data stays.
   * @returns its exit code, null where it had to be killed after five seconds
   */
  async terminate(): Promise<number | null> {
    const child = this.#process;
    await this.#end("SIGTERM");
    return child?.exitCode ?? null;
  }

  /** Ends it (SIGTERM, after five seconds SIGKILL) and deletes its data. */
  async stop(): Promise<void> {
    await this.#end("SIGTERM");
    await rm(this.dataDirectory, { recursive: true, force: true });
  }

  async #launch(): Promise<void> {
    const child = spawn(process.execPath, ["src/main.ts"], {
      cwd: projectRoot,
      env: this.#environment,
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#process = child;
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8");
      stream.on("data", (text: string) => {
        this.#output = (this.#output + text).slice(-mostOutputCharacters);
      });
    }
    await this.#ready(child);
  }

  async #ready(child: ChildProcess): Promise<void> {
    const ready = await waitUntil(
      async () => {
        if (hasEnded(child)) return false;
        const reply = await fetch(`${this.adminUrl}/readyz`);
        return reply.ok ? true : undefined;
      },
      { what: "The gateway is ready", timeoutMilliseconds: startMilliseconds },
    ).catch((error: unknown) => {
      throw new Error(`The gateway did not become ready. It said:\n${this.#output}`, {
        cause: error,
      });
    });
    if (ready) return;
    const how = child.exitCode ?? child.signalCode;
    throw new Error(`The gateway ended (${how}) before it was ready. It said:\n${this.#output}`);
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#process;
    this.#process = undefined;
    if (child === undefined || hasEnded(child)) return;
    const exit = once(child, "exit");
    child.kill(signal);
    const abort = new AbortController();
    const late = delay(stopMilliseconds, "late", { signal: abort.signal }).catch(() => "ended");
    if ((await Promise.race([exit, late])) === "late") {
      child.kill("SIGKILL");
      await exit;
    }
    abort.abort();
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

/** The environment of the tests without settings that were meant for another gateway. */
function withoutGatewaySettings(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const {
    GATEWAY_CONFIG: _file,
    REDIS_URL: _redis,
    LAB: _lab,
    NODE_ID: _node,
    ...rest
  } = environment;
  return rest;
}
