import { afterEach, describe, expect, test } from "vitest";
import type { NodeSource } from "../../src/admin-api/node-source.ts";
import { noActivity } from "../../src/observability/activity-totals.ts";
import { type AdminFixture, mac, startAdminFixture, tenant } from "./admin-fixture.ts";

let fixture: AdminFixture;
afterEach(() => fixture.stop());

const startedAtMilliseconds = Date.parse("2026-01-05T07:00:00Z");

const node: NodeSource = {
  nodeId: "node-1",
  version: "1.2.3",
  startedAtMilliseconds,
  storage: "redis",
  sipListeners: () => [
    { transport: "UDP", address: "0.0.0.0", port: 5060 },
    { transport: "TLS", address: "0.0.0.0", port: 5061 },
  ],
  callsInProgress: () => 4,
  activityTotals: () => ({ ...noActivity, calls: 3 }),
  activity: (window) => ({
    intervalSeconds: window === "hour" ? 60 : 300,
    points: [
      {
        ...noActivity,
        calls: 2,
        atMilliseconds: startedAtMilliseconds + 60_000,
        bindings: null,
        callsInProgress: 1,
      },
    ],
  }),
};

describe("GET /statistics", () => {
  test("tells a node's numbers over an hour or a day, with the totals since its start", async () => {
    fixture = await startAdminFixture({ node });
    const { status, json } = await fixture.call({ url: "/api/v1/statistics" });
    expect(status).toBe(200);
    expect(json).toEqual({
      nodeId: "node-1",
      startedAt: "2026-01-05T07:00:00.000Z",
      now: "2026-01-05T08:00:00.000Z",
      intervalSeconds: 60,
      points: [
        {
          at: "2026-01-05T07:01:00.000Z",
          ...noActivity,
          calls: 2,
          bindings: null,
          callsInProgress: 1,
        },
      ],
      totals: { ...noActivity, calls: 3 },
      callsInProgress: 4,
    });
    const day = await fixture.call({ url: "/api/v1/statistics?window=day" });
    expect(day.json.intervalSeconds).toBe(300);
  });

  test("400 for a window that there is not", async () => {
    fixture = await startAdminFixture({ node });
    const { status, json } = await fixture.call({ url: "/api/v1/statistics?window=year" });
    expect([status, Object.keys(json.errors)]).toEqual([400, ["window"]]);
  });
});

describe("GET /health", () => {
  test("tells storage, listeners, version, time since start and who waits for a policy", async () => {
    fixture = await startAdminFixture({ node });
    await fixture.stores.policyRefreshes.put(
      {
        tenantId: tenant.id,
        macAddress: mac("80:5e:c0:00:00:01"),
        policyName: "Global",
        displayName: "Adele Vance",
        upn: "adele@contoso.example",
        assignedAtMilliseconds: startedAtMilliseconds,
        arrival: {
          signedInAtMilliseconds: startedAtMilliseconds,
          fetchedAtMilliseconds: null,
          registeredAtMilliseconds: null,
        },
        appliedVersion: null,
        fetchedVersion: null,
        fetchedAtMilliseconds: null,
        asked: null,
        lastSyncedAtMilliseconds: null,
      },
      null,
    );
    const { json } = await fixture.call({ url: "/api/v1/health" });
    expect(json).toEqual({
      ready: true,
      checks: [{ name: "storage", ok: true }],
      sip: [
        { transport: "UDP", address: "0.0.0.0", port: 5060 },
        { transport: "TLS", address: "0.0.0.0", port: 5061 },
      ],
      storage: { kind: "redis" },
      nodeId: "node-1",
      version: "1.2.3",
      startedAt: "2026-01-05T07:00:00.000Z",
      uptimeSeconds: 3600,
      policyRefresh: { pendingDevices: 1, oldestPendingSince: "2026-01-05T07:00:00.000Z" },
    });
  });

  test("still answers when the storage does not, and says so", async () => {
    fixture = await startAdminFixture({
      readiness: async () => ({ ready: false, checks: [{ name: "storage", ok: false }] }),
    });
    await fixture.stores.stop();
    const { status, json } = await fixture.call({ url: "/api/v1/health" });
    expect([status, json.ready, json.policyRefresh]).toEqual([200, false, null]);
  });
});
