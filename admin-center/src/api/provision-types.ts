/** A line of a file that can be taken (`POST /devices/import?dryRun=true`). */
export interface ImportLine {
  /** Counted from 1, the header included. */
  readonly line: number;
  readonly macAddress: string;
  readonly location: string;
  /** `unchanged`: the device has been added before. */
  readonly outcome: "added" | "unchanged";
}

/** A line that is not taken. */
export interface RejectedLine {
  readonly line: number;
  readonly value: string;
  readonly reason: string;
}

/** What became of a file. */
export interface ImportResult {
  readonly added: number;
  readonly unchanged: number;
  readonly rejected: readonly RejectedLine[];
}

/** What would become of a file. */
export type ImportPreview = ImportResult & { readonly lines: readonly ImportLine[] };

/** What `POST /verification-codes` answers. */
export interface GeneratedCodes {
  readonly items: readonly {
    readonly macAddress: string;
    readonly location: string;
    readonly code: string;
    readonly expiresAt: string;
  }[];
  readonly refused: readonly { readonly macAddress: string; readonly reason: string }[];
}

/** A file of users and devices in a list. */
export interface BulkSignInSummary {
  readonly id: string;
  readonly status: "queued" | "in-progress" | "completed";
  readonly createdAt: string;
  readonly createdBy: string;
  readonly regions: readonly string[];
  readonly counts: {
    readonly queued: number;
    readonly inProgress: number;
    readonly completed: number;
    readonly failed: number;
  };
}

/** A line of a bulk sign-in, and how it stands. */
export interface BulkSignInItem {
  readonly line: number;
  readonly username: string;
  readonly hardwareId: string;
  readonly macAddress: string | null;
  readonly status: "queued" | "in-progress" | "completed" | "failed";
  readonly code: string | null;
  readonly reason: string | null;
}

/** A bulk sign-in with its lines. */
export type BulkSignIn = BulkSignInSummary & { readonly items: readonly BulkSignInItem[] };

/** `GET /sip-devices-configuration` */
export interface SipDevicesConfiguration {
  readonly bulkSignIn: "enabled" | "disabled";
}
