import { setTimeout as delay } from "node:timers/promises";
import type { AdminClient } from "../../support/admin-client.ts";

const mostLooks = 20;
const lookMilliseconds = 50;

/** The gauges of policies on their way to phones, as Prometheus reads them. */
export interface PolicyGauges {
  readonly pendingDevices: number;
  readonly oldestPendingSeconds: number;
}

/** Where every phone holds its policy. */
export const nothingPending: PolicyGauges = { pendingDevices: 0, oldestPendingSeconds: 0 };

/** Reads both. */
export async function readPolicyGauges(admin: AdminClient): Promise<PolicyGauges> {
  return {
    pendingDevices: await admin.gauge("sip_gateway_policy_refresh_pending_devices"),
    oldestPendingSeconds: await admin.gauge("sip_gateway_policy_refresh_oldest_pending_seconds"),
  };
}

/**
 * Reads both until nothing is pending: the last phone's registration is written down a moment after
 * it was answered. @returns what was read last
 */
export async function untilNothingPending(admin: AdminClient): Promise<PolicyGauges> {
  let gauges = await readPolicyGauges(admin);
  for (let looks = 1; looks < mostLooks && gauges.pendingDevices > 0; looks++) {
    await delay(lookMilliseconds);
    gauges = await readPolicyGauges(admin);
  }
  return gauges;
}
