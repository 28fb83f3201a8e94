import { once } from "node:events";
import { setImmediate } from "node:timers/promises";
import { Cluster, Redis, type RedisCommander } from "ioredis";
import type { Logger } from "pino";
import { asStoreError, RedisUnreachableError, withoutArguments } from "./redis-errors.ts";
import { describeRedisTarget, type RedisTarget } from "./redis-url.ts";
import { readScripts, type ScriptName } from "./scripts.ts";

/**
 * A connection that is silent for so long, though an answer is due, is dropped with all that waits
 * for answers, and made anew. (ioredis' timeout for single commands would take a timer for each.)
 */
const silenceMilliseconds = 2000;
/** A cluster or Sentinels may first have to agree on their masters. */
const startMilliseconds = 10_000;

/**
 * A connection to one Redis, its master by Sentinel, or a cluster. Made anew for ever when lost;
 * meanwhile commands fail at once instead of piling up, and one whose answer was lost is not
 * repeated behind the caller's back, as it may have taken effect.
 */
export class RedisConnection {
  readonly #client: Redis | Cluster;
  readonly #target: RedisTarget;
  readonly #logger: Pick<Logger, "info" | "warn">;
  #lastError: unknown;
  #isDown = false;
  #inFlight = 0;
  #whenIdle: (() => void) | undefined;

  /** Does not connect yet. @param purpose names the connection in Redis' CLIENT LIST. */
  constructor(target: RedisTarget, purpose: string, logger: Pick<Logger, "info" | "warn">) {
    this.#target = target;
    this.#logger = logger;
    this.#client = createClient(target, purpose);
    this.#client.on("error", (error: unknown) => this.#noteError(error));
    this.#client.on("node error", (error: unknown) => this.#noteError(error));
    // A connection may also end without an error.
    this.#client.on("reconnecting", () => this.#noteLoss());
    this.#client.on("ready", () => this.#noteReady());
  }

  /** The connection itself, for publishing and subscribing. */
  get client(): Redis | Cluster {
    return this.#client;
  }

  /** @throws RedisUnreachableError when the server does not answer in 10 s. */
  async connect(): Promise<void> {
    // The network's time, not the gateway's, which the laboratory may move.
    const deadline = AbortSignal.timeout(startMilliseconds);
    const timeout = once(deadline, "abort").then(() => {
      throw new Error(`no answer within ${startMilliseconds} ms`);
    });
    // When the connection stands, nobody waits for the deadline any more.
    timeout.catch(() => undefined);
    try {
      await Promise.race([this.#client.connect(), timeout]);
    } catch (error) {
      this.stop();
      throw new RedisUnreachableError(describeRedisTarget(this.#target), this.#lastError ?? error);
    }
  }

  /** Runs commands. @throws StoreUnavailableError when the server does not take or answer them. */
  async run<T>(commands: (redis: RedisCommander) => Promise<T>): Promise<T> {
    this.#inFlight++;
    try {
      return await commands(this.#client);
    } catch (error) {
      throw asStoreError(error);
    } finally {
      this.#noteAnswer();
    }
  }

  /** Runs a script of scripts/ atomically. @throws StoreUnavailableError */
  async runScript(
    name: ScriptName,
    keys: readonly string[],
    values: readonly (string | number)[],
  ): Promise<unknown> {
    // ioredis adds a method for each script that it was given; its types cannot know them.
    const scripts = this.#client as unknown as Record<ScriptName, ScriptMethod>;
    // The values in one array, as there may be more of them than a call can have arguments.
    return this.run(() => scripts[name](...keys, values));
  }

  /** Ends the connection once all operations that were begun have ended; none takes long. */
  async finish(): Promise<void> {
    while (this.#inFlight > 0) {
      const { promise, resolve } = Promise.withResolvers<void>();
      this.#whenIdle = resolve;
      await promise;
      // An operation of several steps takes its next one in this turn.
      await setImmediate();
    }
    this.stop();
  }

  /** Ends the connection at once. */
  stop(): void {
    this.#client.disconnect();
  }

  #noteAnswer(): void {
    this.#inFlight--;
    if (this.#inFlight === 0) this.#whenIdle?.();
  }

  #noteError(error: unknown): void {
    withoutArguments(error);
    this.#lastError = error;
    this.#noteLoss(error);
  }

  /** Says once for an outage what happened. */
  #noteLoss(error?: unknown): void {
    if (this.#isDown) return;
    this.#isDown = true;
    const redis = describeRedisTarget(this.#target);
    this.#logger.warn({ err: error, redis }, "the connection to Redis failed; trying again");
  }

  #noteReady(): void {
    if (!this.#isDown) return;
    this.#isDown = false;
    this.#logger.info({ redis: describeRedisTarget(this.#target) }, "Redis answers again");
  }
}

type ScriptMethod = (...values: (string | readonly (string | number)[])[]) => Promise<unknown>;

function createClient(target: RedisTarget, purpose: string): Redis | Cluster {
  const retryDelay = (attempts: number) => Math.min(attempts * 50, 1000);
  const server = {
    ...(target.username === undefined ? {} : { username: target.username }),
    ...(target.password === undefined ? {} : { password: target.password }),
    ...(target.tls ? { tls: {} } : {}),
    connectionName: `sip-gateway-${purpose}`,
    connectTimeout: silenceMilliseconds,
    socketTimeout: silenceMilliseconds,
    maxRetriesPerRequest: 0,
    autoResendUnfulfilledCommands: false,
    // A master that was demoted answers READONLY until one asks anew where the master is.
    reconnectOnError: (error: Error) => error.message.startsWith("READONLY"),
  };
  const common = {
    lazyConnect: true,
    enableOfflineQueue: false,
    enableAutoPipelining: true,
    scripts: readScripts(),
  };
  if (target.kind === "cluster") {
    return new Cluster([...target.hosts], {
      ...common,
      redisOptions: server,
      clusterRetryStrategy: retryDelay,
      slotsRefreshTimeout: silenceMilliseconds,
    });
  }
  const options = {
    ...server,
    ...common,
    db: target.database,
    retryStrategy: retryDelay,
  };
  if (target.kind === "single") return new Redis({ ...options, ...target.hosts[0] });
  return new Redis({
    ...options,
    sentinels: [...target.hosts],
    name: target.masterName,
    sentinelRetryStrategy: retryDelay,
    ...(target.sentinelPassword === undefined ? {} : { sentinelPassword: target.sentinelPassword }),
    ...(target.tls ? { enableTLSForSentinelMode: true } : {}),
  });
}
