/** A line of a device's history: `GET /devices/{mac}/events`. Times are RFC 3339. */
export interface DeviceEvent {
  readonly at: string;
  readonly kind: string;
  readonly text: string;
  /** An administrator's name, `phone`, `gateway`, or `unknown`. */
  readonly actor: string;
}

/** A live binding: `GET /registrations`. */
export interface Registration {
  readonly aor: string;
  readonly contact: string;
  /** Address and port that it came from. */
  readonly source: string;
  readonly transport: string;
  readonly userAgent: string;
  readonly node: string;
  readonly callId: string;
  readonly registeredAt: string;
  readonly refreshedAt: string;
  readonly expiresAt: string;
}

/** What a device was told to do: `GET /devices/{mac}/commands`. */
export interface DeviceCommand {
  readonly commandId: string;
  readonly command: "restart" | "sync" | "sign-out" | "reset";
  readonly status: "queued" | "sent" | "accepted" | "refused" | "timed-out";
  readonly createdAt: string;
  readonly actor: string;
  readonly sentAt: string | null;
  readonly settledAt: string | null;
  /** The phone's SIP answer. */
  readonly answer: { readonly status: number; readonly reason: string } | null;
}

/** A line of the list of compatible devices: `GET /compatible-devices`. */
export interface CompatibleModel {
  readonly model: string;
  /** Null where the list names none. */
  readonly leastFirmware: string | null;
  readonly approvedFirmware: string;
}
