/** `CallRecord` of `GET /calls`. Times are RFC 3339. */
export interface CallRecord {
  readonly callId: string;
  /** AOR of the caller: `sip:+14255550101@contoso.example`. */
  readonly from: string;
  /** What was called: an AOR or what was dialled. */
  readonly to: string;
  readonly kind: string;
  /** AOR of the user whose phone answered; null where nobody did. */
  readonly answeredBy: string | null;
  readonly startedAt: string;
  readonly answeredAt: string | null;
  /** Null while it lasts. */
  readonly endedAt: string | null;
  /** Final status of the INVITE; null while it rings. */
  readonly status: number | null;
  readonly end: string | null;
}
