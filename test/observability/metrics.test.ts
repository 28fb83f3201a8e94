import { beforeEach, describe, expect, test } from "vitest";
import { newProxyCounters } from "../../sip/proxy/proxy-counters.ts";
import { newTransactionCounters } from "../../sip/transaction/transaction-counters.ts";
import { newTransportCounters } from "../../sip/transport/transport-counters.ts";
import { checkBoundMilliseconds, checkReadiness } from "../../src/observability/health.ts";
import { GatewayMetrics } from "../../src/observability/metrics.ts";
import { FakeClock } from "../support/fake-clock.ts";

let metrics: GatewayMetrics;
beforeEach(() => {
  metrics = new GatewayMetrics();
});

function newTotals() {
  return {
    transport: newTransportCounters(),
    transactions: newTransactionCounters(),
    proxy: newProxyCounters(),
    openTransactions: 0,
    registrationsInProgress: 0,
  };
}

async function series(name: string): Promise<string[]> {
  const { text } = await metrics.render();
  return text.split("\n").filter((line) => line.startsWith(`sip_gateway_${name}`));
}

describe("what happens is counted", () => {
  test("SIP requests by method, unknown ones together", async () => {
    for (const method of ["REGISTER", "REGISTER", "INVITE", "EVIL1", "EVIL2"]) {
      metrics.requestReceived(method);
    }
    expect(await series("sip_requests_total")).toEqual([
      'sip_gateway_sip_requests_total{method="REGISTER"} 2',
      'sip_gateway_sip_requests_total{method="INVITE"} 1',
      'sip_gateway_sip_requests_total{method="OTHER"} 2',
    ]);
  });

  test("responses by method and class of status", async () => {
    metrics.requestAnswered("REGISTER", 200);
    metrics.requestAnswered("REGISTER", 401);
    metrics.requestAnswered("REGISTER", 403);
    expect(await series("sip_responses_total")).toEqual([
      'sip_gateway_sip_responses_total{method="REGISTER",status_class="2xx"} 1',
      'sip_gateway_sip_responses_total{method="REGISTER",status_class="4xx"} 2',
    ]);
  });

  test("registrations, enrolments, phones' requests and calls", async () => {
    metrics.registration("accepted");
    metrics.enrollment("wrong");
    metrics.provisioningRequest("yealink", 200);
    metrics.provisioningRequest(undefined, 404);
    metrics.callStarted();
    metrics.callStarted();
    metrics.callEnded({ end: "busy" });
    const { text } = await metrics.render();
    for (const line of [
      'sip_gateway_registrations_total{outcome="accepted"} 1',
      'sip_gateway_enrollments_total{outcome="wrong"} 1',
      'sip_gateway_provisioning_requests_total{vendor="yealink",status="200"} 1',
      'sip_gateway_provisioning_requests_total{vendor="unknown",status="404"} 1',
      'sip_gateway_calls_total{result="busy"} 1',
      "sip_gateway_calls_in_progress 1",
    ]) {
      expect(text).toContain(`${line}\n`);
    }
  });

  test("the number of series is bounded, whatever is counted", async () => {
    for (let index = 0; index < 5000; index++) metrics.provisioningRequest(`vendor-${index}`, 200);
    const lines = await series("provisioning_requests_total");
    expect(lines.length).toBeLessThanOrEqual(201);
    expect(lines.at(-1)).toMatch(/vendor="other",status="other"} \d+$/);
    const total = lines.reduce((sum, line) => sum + Number(line.split(" ").at(-1)), 0);
    expect(total).toBe(5000);
  });

  test("a scrape changes nothing: two of them read the same", async () => {
    metrics.registration("accepted");
    const first = await series("registrations_total");
    expect(await series("registrations_total")).toEqual(first);
  });

  test("one duration in sixteen is observed", async () => {
    for (let count = 0; count < 160; count++) metrics.requestDuration("REGISTER", 0.001);
    const [line] = await series("sip_request_duration_seconds_count");
    expect(line).toMatch(/method="REGISTER"} 10$/);
  });

  test("the SIP server's own totals are read at the scrape", async () => {
    const totals = newTotals();
    metrics.watchSignaling(() => totals);
    totals.transport.received.requests = 3;
    totals.transport.dropped.oversized = 2;
    totals.transport.connections.open = 5;
    totals.transactions.clientTimeouts = 4;
    totals.proxy.forwarded = 6;
    totals.openTransactions = 8;
    const { text } = await metrics.render();
    expect(text).toContain('sip_gateway_transport_received_total{kind="requests"} 3\n');
    expect(text).toContain('sip_gateway_transport_dropped_total{reason="oversized"} 2\n');
    expect(text).toContain("sip_gateway_transport_connections_open 5\n");
    expect(text).toContain('sip_gateway_sip_transactions_total{event="client-timeout"} 4\n');
    expect(text).toContain('sip_gateway_sip_proxy_total{event="forwarded"} 6\n');
    expect(text).toContain("sip_gateway_sip_transactions_open 8\n");
  });
});

test("every series of ours has a help text and a name with its unit or total", async () => {
  metrics.watchSignaling(newTotals);
  const own = (await metrics.registry.getMetricsAsJSON()).filter(({ name }) =>
    name.startsWith("sip_gateway_"),
  );
  expect(own.length).toBeGreaterThan(12);
  for (const { name, help, type } of own) {
    expect(help, name).toMatch(/[.]$/);
    if (String(type) === "counter") expect(name).toMatch(/_total$/);
  }
});

describe("what the storage holds", () => {
  const devices = { seen: 1, "signed-in": 4 };
  let failures: unknown[];
  let asked: number;
  let clock: FakeClock;

  function watch(countBindings: () => Promise<number>) {
    failures = [];
    asked = 0;
    clock = new FakeClock();
    metrics.watchStorage({
      time: clock,
      countBindings: () => {
        asked++;
        return countBindings();
      },
      countDevicesByState: async () => devices,
      countPendingPolicies: async () => ({
        devices: 3,
        oldestSinceMilliseconds: clock.nowMilliseconds() - 90_000,
      }),
      onFailure: (error) => void failures.push(error),
    });
  }

  test("is read once for each scrape", async () => {
    watch(async () => 7);
    const { text } = await metrics.render();
    expect(text).toContain("sip_gateway_bindings 7\n");
    expect(text).toContain('sip_gateway_devices{state="signed-in"} 4\n');
    expect(text).toContain("sip_gateway_policy_refresh_pending_devices 3\n");
    expect(text).toContain("sip_gateway_policy_refresh_oldest_pending_seconds 90\n");
    expect(text).toContain("sip_gateway_storage_up 1\n");
    expect(asked).toBe(1);
    expect(clock.pendingTimers).toBe(0);
  });

  test("is absent while the storage fails, and the scrape still succeeds", async () => {
    let works = true;
    watch(async () => {
      if (!works) throw new Error("down");
      return 7;
    });
    await metrics.render();
    works = false;
    const { text } = await metrics.render();
    expect(text).toContain("sip_gateway_storage_up 0\n");
    expect(text).not.toMatch(/^sip_gateway_(bindings|devices|policy_refresh_\w+)[ {]/m);
    expect(failures).toEqual([new Error("down")]);
  });

  test("a storage that never answers holds a scrape up for two seconds only", async () => {
    watch(() => new Promise(() => {}));
    const rendered = metrics.render();
    await clock.advanceAsync(2000);
    expect((await rendered).text).toContain("sip_gateway_storage_up 0\n");
  });
});

describe("readiness", () => {
  const works = { name: "sip", check: async () => {} };

  test("is when every check works", async () => {
    const readiness = await checkReadiness([works], new FakeClock(), () => {});
    expect(readiness).toEqual({ ready: true, checks: [{ name: "sip", ok: true }] });
  });

  test("names what fails or does not answer in time, and tells why to the log alone", async () => {
    const clock = new FakeClock();
    const failures: string[] = [];
    const reading = checkReadiness(
      [
        works,
        { name: "storage", check: () => new Promise(() => {}) },
        { name: "trunk", check: () => Promise.reject(new Error("password=x")) },
      ],
      clock,
      (name, error) => void failures.push(`${name}: ${error}`),
    );
    await clock.advanceAsync(checkBoundMilliseconds);
    expect(await reading).toEqual({
      ready: false,
      checks: [
        { name: "sip", ok: true },
        { name: "storage", ok: false },
        { name: "trunk", ok: false },
      ],
    });
    expect(failures).toEqual(["trunk: Error: password=x", expect.stringMatching(/^storage: /)]);
  });
});
