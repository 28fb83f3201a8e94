/** One page of a list. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

export const deviceStates = [
  "seen",
  "waiting-on-activation",
  "waiting-for-sign-in",
  "signed-in",
  "signed-out",
] as const;

export type DeviceState = (typeof deviceStates)[number];

/** `Device` of the admin API. Times are RFC 3339. */
export interface Device {
  /** `80:5e:c0:aa:bb:cc` */
  readonly macAddress: string;
  readonly location: string;
  readonly state: DeviceState;
  readonly vendor: string | null;
  readonly model: string | null;
  readonly firmware: string | null;
  readonly supported: boolean | null;
  readonly unsupportedReason: string | null;
  readonly region: string | null;
  readonly language: string | null;
  readonly ipAddress: string | null;
  readonly online: boolean;
  readonly registeredAt: string | null;
  readonly registrationExpiresAt: string | null;
  readonly lastSeenAt: string | null;
  readonly offBoardsAt: string | null;
  readonly lastRequest: {
    readonly at: string;
    readonly path: string;
    readonly userAgent: string;
    readonly status: number;
    readonly note: string;
  } | null;
  readonly tenantName: string;
  readonly user: {
    readonly upn: string;
    readonly displayName: string;
    readonly phoneNumber: string | null;
  } | null;
  readonly policy: {
    readonly name: string;
    readonly assignedVersion: number;
    readonly appliedVersion: number | null;
    readonly pendingSince: string | null;
    readonly lastSyncedAt: string | null;
  } | null;
  readonly verificationCode: { readonly code: string; readonly expiresAt: string } | null;
  readonly attention: readonly { readonly code: string; readonly text: string }[];
}

/** A line of `GET /events`. */
export interface LiveEvent {
  readonly type: "device" | "registration" | "call" | "command" | "user" | "policy";
  readonly at: string;
  /** MAC address, AOR, Call-ID or command id. */
  readonly subject: string;
  readonly change: string;
}

export type Role = "administrator" | "technician" | "reader";

/** Who is signed in to the page. */
export interface Session {
  readonly name: string;
  readonly role: Role;
  readonly expiresAt: string;
  readonly csrfToken: string;
}
