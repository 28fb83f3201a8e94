/** One thing that the built-in identity provider remembers: a device code, a session, a grant, … */
export interface IdentityStateRecord {
  /** What sort of thing, such as `DeviceCode`. */
  readonly kind: string;
  /** Unique within its kind. */
  readonly id: string;
  /** What is remembered, as text; the store does not look into it. */
  readonly document: string;
  /** A second name by which it can be found within its kind, such as a pairing code; or null. */
  readonly alias: string | null;
  /** The grant that it ends with, or null. */
  readonly grantId: string | null;
  /** Kept until then at least. */
  readonly expiresAtMilliseconds: number;
}

/** A record as found, and when it was used up. */
export interface FoundIdentityState {
  readonly document: string;
  readonly consumedAtMilliseconds: number | null;
}

/**
 * Where the built-in identity provider keeps its state, so that a sign-in survives a restart and may
 * go on at another node. Whoever reads judges expiry; what has expired is collected by later writes.
 */
export interface IdentityStateStore {
  /** Writes a record, over the one of the same kind and id; whether that was consumed stays. */
  put(record: IdentityStateRecord, nowMilliseconds: number): Promise<void>;
  find(kind: string, id: string): Promise<FoundIdentityState | undefined>;
  findByAlias(kind: string, alias: string): Promise<FoundIdentityState | undefined>;
  /**
   * Marks a record as used up, in one atomic step.
   * @returns false, with nothing written, when it is so already or is not there
   */
  consume(kind: string, id: string, nowMilliseconds: number): Promise<boolean>;
  remove(kind: string, id: string): Promise<void>;
  /** Removes every record of a grant. */
  removeByGrant(grantId: string): Promise<void>;
}
