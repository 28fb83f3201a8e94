import { readFileSync } from "node:fs";
import type { NodeSource } from "../admin-api/node-source.ts";
import { ActivityHistory } from "../observability/activity-history.ts";
import type { SipServer } from "../signaling/sip-server.ts";
import type { Ground } from "./ground.ts";

const transports = ["UDP", "TCP", "TLS"] as const;

/** This node's numbers over time. Not started yet. */
export function newActivityHistory({
  clock,
  metrics,
  stores,
  tenant,
  logger,
}: Ground): ActivityHistory {
  return new ActivityHistory({
    clock,
    readTotals: () => metrics.activityTotals(),
    countCallsInProgress: () => metrics.callsInProgress,
    countBindings: () => stores.bindings.count(tenant.id, clock.nowMilliseconds()),
    onFailure: (error) => logger.warn({ err: error }, "The storage did not count the bindings"),
  });
}

/** What this node tells administrators of itself. */
export function newNodeSource(
  { config, clock, metrics }: Ground,
  sip: SipServer,
  history: ActivityHistory,
): NodeSource {
  return {
    nodeId: config.nodeId,
    version: readVersion(),
    startedAtMilliseconds: clock.nowMilliseconds(),
    storage: config.redisUrl === null ? "sqlite" : "redis",
    sipListeners: () =>
      transports.flatMap((transport) => {
        const port = sip.listening ? sip.portOf(transport) : undefined;
        return port === undefined ? [] : [{ transport, address: config.bindAddress, port }];
      }),
    callsInProgress: () => metrics.callsInProgress,
    activityTotals: () => metrics.activityTotals(),
    activity: (window) => history.read(window),
  };
}

/** The version in package.json, which lies beside the sources wherever they run. */
function readVersion(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return String((JSON.parse(text) as { readonly version?: unknown }).version);
}
