import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { Redis } from "ioredis";
import { freePorts } from "./free-ports.ts";
import { waitUntil } from "./wait-until.ts";

/** How often another port is tried. */
const mostStarts = 5;

/** How a test's Redis keeps its data. */
export interface RedisServerOptions {
  /** Keep an append-only file, written to the disk with each command (`appendfsync always`). */
  readonly appendOnly?: boolean;
  /** Run as a node of a cluster. */
  readonly cluster?: boolean;
}

/** Why tests that need a real redis-server cannot run here; undefined when they can. */
export function whyNoRedisServer(): string | undefined {
  const found = spawnSync("redis-server", ["--version"]).status === 0;
  return found ? undefined : "redis-server is not installed (Debian: apt-get install redis-server)";
}

/** A real redis-server on a free port of the loopback address, with a folder of its own. */
export class RedisServer {
  readonly port: number;
  readonly #folder: string;
  readonly #options: RedisServerOptions;
  #process: ChildProcess | undefined;

  private constructor(port: number, folder: string, options: RedisServerOptions) {
    this.port = port;
    this.#folder = folder;
    this.#options = options;
  }

  /** Starts a server that answers when the promise resolves. */
  static async start(options: RedisServerOptions = {}): Promise<RedisServer> {
    for (let tries = 1; ; tries++) {
      const folder = mkdtempSync(path.join(os.tmpdir(), "gateway-redis-"));
      const server = new RedisServer(await freePort(), folder, options);
      try {
        await server.launch();
        return server;
      } catch (error) {
        await server.stop();
        // Another program may have taken the port, or a cluster node's second one, first.
        if (tries === mostStarts) throw error;
      }
    }
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }

  /** Starts it (again) on the same port and data. */
  async launch(): Promise<void> {
    const durability = this.#options.appendOnly
      ? ["--appendonly", "yes", "--appendfsync", "always"]
      : ["--appendonly", "no"];
    const cluster = this.#options.cluster
      ? ["--cluster-enabled", "yes", "--cluster-node-timeout", "2000"]
      : [];
    const settings = ["--port", String(this.port), "--bind", "127.0.0.1", "--dir", this.#folder];
    const settled = ["--save", "", "--loglevel", "warning", ...durability, ...cluster];
    this.#process = spawn("redis-server", [...settings, ...settled], { stdio: "ignore" });
    await this.#untilItAnswers();
  }

  /** Ends it as a power cut of the process would: SIGKILL. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  /** Stops or continues the process without ending it: a server that hangs. */
  signal(signal: "SIGSTOP" | "SIGCONT"): void {
    this.#process?.kill(signal);
  }

  /** Ends it and removes its folder. */
  async stop(): Promise<void> {
    await this.#end("SIGKILL");
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #end(signal: "SIGKILL"): Promise<void> {
    const process = this.#process;
    this.#process = undefined;
    if (process === undefined || process.exitCode !== null) return;
    const ended = once(process, "exit");
    process.kill(signal);
    await ended;
  }

  async #untilItAnswers(): Promise<void> {
    const outcome = await waitUntil(
      async () => {
        if (this.#process?.exitCode !== null) return "ended";
        const redis = new Redis({ port: this.port, lazyConnect: true, retryStrategy: () => null });
        // What goes wrong is told by the promises below; an event without a listener would be thrown.
        redis.on("error", () => undefined);
        try {
          await redis.connect();
          return await redis.ping();
        } finally {
          redis.disconnect();
        }
      },
      { what: "redis-server answers", intervalMilliseconds: 25 },
    );
    if (outcome === "ended") throw new Error(`redis-server ended at once on port ${this.port}`);
  }
}

/** Three redis-servers that are one cluster. */
export interface RedisCluster {
  readonly url: string;
  readonly ports: readonly number[];
  /** Ends all of them with SIGKILL. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

/** Starts three servers and makes them one cluster, which is ready when the promise resolves. */
export async function startRedisCluster(): Promise<RedisCluster> {
  const servers = await Promise.all([1, 2, 3].map(() => RedisServer.start({ cluster: true })));
  const stop = async () => {
    await Promise.all(servers.map((server) => server.stop()));
  };
  const kill = async () => {
    await Promise.all(servers.map((server) => server.kill()));
  };
  const hosts = servers.map((server) => `127.0.0.1:${server.port}`);
  const made = spawnSync("redis-cli", ["--cluster", "create", ...hosts, "--cluster-yes"], {
    encoding: "utf8",
    timeout: 20_000,
  });
  if (made.status !== 0) {
    await stop();
    throw new Error(`redis-cli could not make a cluster: ${made.stdout}${made.stderr}`);
  }
  const ports = servers.map((server) => server.port);
  await Promise.all(ports.map(untilClusterIsOk));
  return { url: `redis+cluster://${hosts.join(",")}`, ports, kill, stop };
}

/** Below 55536, as a cluster's node listens on a second port that is 10000 higher. */
async function freePort(): Promise<number> {
  for (;;) {
    const [port] = await freePorts(1);
    if (port !== undefined && port < 55_536) return port;
  }
}

/** A node takes commands only when it has heard that all slots are served. */
async function untilClusterIsOk(port: number): Promise<void> {
  const node = new Redis({ port });
  try {
    await waitUntil(
      async () => {
        const state = await node.cluster("INFO");
        return state.includes("cluster_state:ok") || undefined;
      },
      { what: "the cluster's node is ready" },
    );
  } finally {
    node.disconnect();
  }
}
