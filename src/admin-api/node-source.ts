/** What one node did in an interval. */
export interface NodeActivity {
  readonly registrations: number;
  readonly registrationFailures: number;
  readonly calls: number;
  readonly callFailures: number;
  readonly enrollments: number;
  readonly enrollmentFailures: number;
  readonly provisioningRequests: number;
  readonly provisioningRefusals: number;
}

/** The same with its end, and what stood then. */
export interface NodeActivityPoint extends NodeActivity {
  readonly atMilliseconds: number;
  /** Live bindings, on all nodes; null when the storage did not say. */
  readonly bindings: number | null;
  readonly callsInProgress: number;
}

/** A socket on which SIP is spoken. */
export interface SipListener {
  /** `UDP`, `TCP`, `TLS`. */
  readonly transport: string;
  readonly address: string;
  readonly port: number;
}

/** What the node that answers knows of itself: for `/statistics` and `/health`. */
export interface NodeSource {
  readonly nodeId: string;
  /** The gateway's version, as in its package. */
  readonly version: string;
  readonly startedAtMilliseconds: number;
  readonly storage: "sqlite" | "redis";
  sipListeners(): readonly SipListener[];
  /** How many calls ring or talk now. */
  callsInProgress(): number;
  /** Since the start. */
  activityTotals(): NodeActivity;
  /** An hour minute by minute or a day by five minutes, oldest first. */
  activity(window: "hour" | "day"): {
    readonly intervalSeconds: number;
    readonly points: readonly NodeActivityPoint[];
  };
}
