import type { DeviceState } from "./types.ts";

/** What a node did in an interval, or since its start. */
export interface Activity {
  readonly registrations: number;
  readonly registrationFailures: number;
  readonly calls: number;
  readonly callFailures: number;
  readonly enrollments: number;
  readonly enrollmentFailures: number;
  readonly provisioningRequests: number;
  readonly provisioningRefusals: number;
}

/** A point of the charts. */
export interface ActivityPoint extends Activity {
  /** The end of the interval, RFC 3339. */
  readonly at: string;
  /** Live registrations then; null when the storage did not say. */
  readonly bindings: number | null;
  readonly callsInProgress: number;
}

/** `GET /statistics`: oldest point first. */
export interface Statistics {
  readonly nodeId: string;
  readonly startedAt: string;
  readonly now: string;
  readonly intervalSeconds: number;
  readonly points: readonly ActivityPoint[];
  readonly totals: Activity;
  readonly callsInProgress: number;
}

/** `GET /health` */
export interface Health {
  readonly ready: boolean;
  readonly checks: readonly { readonly name: string; readonly ok: boolean }[];
  readonly sip: readonly {
    readonly transport: string;
    readonly address: string;
    readonly port: number;
  }[];
  readonly storage: { readonly kind: "sqlite" | "redis" };
  readonly nodeId: string;
  readonly version: string;
  readonly startedAt: string;
  readonly uptimeSeconds: number;
  readonly policyRefresh: {
    readonly pendingDevices: number;
    readonly oldestPendingSince: string | null;
  } | null;
}

/** `GET /devices/counts` */
export interface DeviceCounts {
  readonly total: number;
  readonly byState: Readonly<Record<DeviceState, number>>;
  readonly online: number;
  readonly offline: number;
}
