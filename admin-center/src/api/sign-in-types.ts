/** What `POST /devices/{mac}/sign-in` answers. Times are RFC 3339. */
export interface StartedSignIn {
  /** The pairing code that the user types. */
  readonly userCode: string;
  readonly verificationUri: string;
  /** The same, with the pairing code in it. */
  readonly verificationUriComplete: string;
  readonly expiresAt: string;
  readonly intervalSeconds: number;
}

/** How a device's last sign-in stands: `GET /devices/{mac}/sign-in`. */
export interface SignInStatus {
  readonly status: "pending" | "completed" | "failed" | "expired";
  readonly reason: string | null;
  readonly upn: string | null;
  /** How far the phone has come to the user; null while nobody is signed in. */
  readonly phone: {
    readonly step: "told" | "fetched" | "registered";
    readonly signedInAt: string;
    readonly fetchedAt: string | null;
    readonly registeredAt: string | null;
  } | null;
  readonly startedAt: string;
  readonly expiresAt: string;
}
