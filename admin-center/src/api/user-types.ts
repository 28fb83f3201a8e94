/** Where calls go beside a user, instead of him, or when he does not take them. */
export const forwardingOccasions = ["always", "no-answer", "busy", "simultaneous"] as const;

export type ForwardingOccasion = (typeof forwardingOccasions)[number];

/** `User` of the admin API. */
export interface User {
  /** In lower case. */
  readonly upn: string;
  readonly displayName: string;
  /** E.164 with a plus; null: nobody can be signed in as this user. */
  readonly phoneNumber: string | null;
  /** Name of the calling policy. */
  readonly callingPolicy: string;
  readonly forwarding: { readonly when: ForwardingOccasion; readonly to: string } | null;
  readonly doNotDisturb: boolean;
}

/** What `PUT /users/{upn}` takes. A password that is absent stays; null takes it away. */
export type UserInput = Omit<User, "upn"> & { readonly password?: string | null };

/** How many users there are: `GET /users/counts`. */
export interface UserCounts {
  readonly total: number;
  readonly byPolicy: readonly { readonly name: string; readonly users: number }[];
}

/** The settings of a calling policy, in the order in which they are shown. */
export const policySettings = [
  "allowSipDevicesCalling",
  "allowCallRedirect",
  "allowPrivateCalling",
  "allowCallForwardingToUser",
  "allowCallForwardingToPhone",
  "allowVoicemail",
  "busyOnBusy",
  "musicOnHold",
] as const;

export type PolicySetting = (typeof policySettings)[number];

export type PolicySettings = Readonly<Record<PolicySetting, boolean>>;

/** `CallingPolicy` of the admin API. */
export interface CallingPolicy extends PolicySettings {
  readonly name: string;
  /** Counts up with each change. */
  readonly version: number;
  readonly changedAt: string;
}

/** Whether its users can be signed in on a SIP device: both are needed. */
export function allowsSipDevices({
  allowSipDevicesCalling,
  allowCallRedirect,
}: CallingPolicy): boolean {
  return allowSipDevicesCalling && allowCallRedirect;
}

/** Where a user is, below `/api/v1`. */
export function userPath(upn: string): string {
  return `/users/${encodeURIComponent(upn)}`;
}

/** Where a calling policy is, below `/api/v1`. */
export function policyPath(name: string): string {
  return `/calling-policies/${encodeURIComponent(name)}`;
}
