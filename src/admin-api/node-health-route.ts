import { Type } from "typebox";
import { countPendingPolicies, type PendingPolicies } from "../domain/policy-standing.ts";
import { StoreUnavailableError } from "../domain/stores.ts";
import type { AdminApp, AdminServerDependencies } from "./admin-dependencies.ts";
import { problems } from "./problem-schema.ts";
import { formatTime, formatTimeOrNull, nullable, timeSchema } from "./schema-parts.ts";

const healthSchema = Type.Object(
  {
    ready: Type.Boolean({ description: "Whether all checks hold, as /readyz." }),
    checks: Type.Array(
      Type.Object({ name: Type.String({ examples: ["storage"] }), ok: Type.Boolean() }),
    ),
    sip: Type.Array(
      Type.Object({
        transport: Type.String({ examples: ["UDP", "TCP", "TLS"] }),
        address: Type.String({ description: "0.0.0.0 and :: stand for all of this host's." }),
        port: Type.Integer(),
      }),
      { description: "Where SIP is listened for; empty when it is not." },
    ),
    storage: Type.Object({ kind: Type.Enum(["sqlite", "redis"]) }),
    nodeId: Type.String(),
    version: Type.String({ examples: ["0.1.0"] }),
    startedAt: timeSchema,
    uptimeSeconds: Type.Integer({ description: "By the gateway's clock." }),
    policyRefresh: nullable(
      Type.Object({
        pendingDevices: Type.Integer(),
        oldestPendingSince: nullable(timeSchema, "Null when none is pending."),
      }),
      "Signed-in phones that have not got their user's policy yet; null when the storage does not say.",
    ),
  },
  { description: "How this node is, working or not: `ready` says which." },
);

/** `GET /health`: what `/readyz` says, and what an administrator may know beyond it. */
export function addNodeHealthRoute(
  app: AdminApp,
  dependencies: Pick<AdminServerDependencies, "node" | "readiness" | "stores" | "tenant" | "clock">,
): void {
  const { node, readiness, clock } = dependencies;
  app.get(
    "/health",
    {
      schema: {
        operationId: "getHealth",
        summary: "How this node is: storage, SIP listeners, time since start",
        tags: ["operation"],
        response: { 200: healthSchema, ...problems() },
      },
    },
    async () => {
      const [{ ready, checks }, pending] = await Promise.all([
        readiness(),
        findPending(dependencies),
      ]);
      return {
        ready,
        checks: [...checks],
        sip: node.sipListeners().map(({ transport, address, port }) => ({
          transport,
          address,
          port,
        })),
        storage: { kind: node.storage },
        nodeId: node.nodeId,
        version: node.version,
        startedAt: formatTime(node.startedAtMilliseconds),
        uptimeSeconds: Math.floor((clock.nowMilliseconds() - node.startedAtMilliseconds) / 1000),
        policyRefresh:
          pending === undefined
            ? null
            : {
                pendingDevices: pending.devices,
                oldestPendingSince: formatTimeOrNull(pending.oldestSinceMilliseconds),
              },
      };
    },
  );
}

/** Undefined when the storage does not answer: then `checks` says so. */
async function findPending({
  stores,
  tenant,
}: Pick<AdminServerDependencies, "stores" | "tenant">): Promise<PendingPolicies | undefined> {
  try {
    return await countPendingPolicies(stores, tenant.id);
  } catch (error) {
    if (error instanceof StoreUnavailableError) return undefined;
    throw error;
  }
}
