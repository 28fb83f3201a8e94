import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { MacAddress } from "../../domain/mac-address.ts";
import type { TenantId } from "../../domain/tenant.ts";
import {
  guessLimits,
  type RedemptionAttempt,
  type RedemptionOutcome,
  type VerificationCode,
  type VerificationCodeStore,
} from "../../domain/verification-code.ts";
import type { SqliteDeviceStore } from "./device-store.ts";
import type { GroupCommit } from "./group-commit.ts";

const codeColumns = `tenant_id AS tenantId, mac_address AS macAddress, code,
  created_at AS createdAtMilliseconds, expires_at AS expiresAtMilliseconds`;

/** Verification codes and wrong tries in SQLite. */
export class SqliteVerificationCodeStore implements VerificationCodeStore {
  readonly #group: GroupCommit;
  readonly #devices: SqliteDeviceStore;
  readonly #put: StatementSync;
  readonly #find: StatementSync;
  readonly #findWithTries: StatementSync;
  readonly #listUsable: StatementSync;
  readonly #remove: StatementSync;
  readonly #countTry: StatementSync;
  readonly #recordTry: StatementSync;
  readonly #triesFromAddress: StatementSync;
  readonly #triesInTenant: StatementSync;
  readonly #forgetTries: StatementSync;
  readonly #removeExpired: StatementSync;
  readonly #removeOldTries: StatementSync;

  constructor(database: DatabaseSync, group: GroupCommit, devices: SqliteDeviceStore) {
    this.#group = group;
    this.#devices = devices;
    const ofDevice = "WHERE tenant_id = ? AND mac_address = ?";
    this.#put = database.prepare(
      `INSERT OR REPLACE INTO verification_codes
       (tenant_id, mac_address, code, created_at, expires_at, wrong_tries) VALUES (?, ?, ?, ?, ?, 0)`,
    );
    this.#find = database.prepare(`SELECT ${codeColumns} FROM verification_codes ${ofDevice}`);
    this.#findWithTries = database.prepare(
      `SELECT code, expires_at AS expiresAt, wrong_tries AS wrongTries
       FROM verification_codes ${ofDevice}`,
    );
    this.#listUsable = database.prepare(
      `SELECT ${codeColumns} FROM verification_codes
       WHERE tenant_id = ? AND expires_at > ? AND wrong_tries < ${guessLimits.deviceTries}
       ORDER BY mac_address`,
    );
    this.#remove = database.prepare(`DELETE FROM verification_codes ${ofDevice}`);
    this.#countTry = database.prepare(
      `UPDATE verification_codes SET wrong_tries = wrong_tries + 1 ${ofDevice}`,
    );
    this.#recordTry = database.prepare(
      "INSERT INTO wrong_tries (tenant_id, mac_address, address, at) VALUES (?, ?, ?, ?)",
    );
    this.#triesFromAddress = database.prepare(
      "SELECT count(*) AS tries FROM wrong_tries WHERE tenant_id = ? AND at > ? AND address = ?",
    );
    this.#triesInTenant = database.prepare(
      "SELECT count(*) AS tries FROM wrong_tries WHERE tenant_id = ? AND at > ?",
    );
    this.#forgetTries = database.prepare(`DELETE FROM wrong_tries ${ofDevice}`);
    this.#removeExpired = database.prepare("DELETE FROM verification_codes WHERE expires_at < ?");
    this.#removeOldTries = database.prepare("DELETE FROM wrong_tries WHERE at < ?");
  }

  put(code: VerificationCode): Promise<void> {
    const { tenantId, macAddress, createdAtMilliseconds, expiresAtMilliseconds } = code;
    return this.#group.write(() => {
      const times = [createdAtMilliseconds, expiresAtMilliseconds];
      this.#put.run(tenantId, macAddress, code.code, ...times);
    });
  }

  find(tenantId: TenantId, macAddress: MacAddress): Promise<VerificationCode | undefined> {
    return this.#group.read(() => this.#findNow(tenantId, macAddress));
  }

  findMany(
    tenantId: TenantId,
    macAddresses: readonly MacAddress[],
  ): Promise<readonly (VerificationCode | undefined)[]> {
    return this.#group.read(() => macAddresses.map((mac) => this.#findNow(tenantId, mac)));
  }

  listLocked(
    tenantId: TenantId,
    macAddresses: readonly MacAddress[],
  ): Promise<ReadonlySet<MacAddress>> {
    return this.#group.read(() => {
      const isLocked = (macAddress: MacAddress) => {
        const stored = this.#findWithTries.get(tenantId, macAddress);
        return stored !== undefined && Number(stored.wrongTries) >= guessLimits.deviceTries;
      };
      return new Set(macAddresses.filter(isLocked));
    });
  }

  listUsable(tenantId: TenantId, nowMilliseconds: number): Promise<readonly VerificationCode[]> {
    return this.#group.read(() => this.#listUsable.all(tenantId, nowMilliseconds).map(asCode));
  }

  remove(tenantId: TenantId, macAddress: MacAddress): Promise<void> {
    return this.#group.write(() => {
      this.#remove.run(tenantId, macAddress);
    });
  }

  redeem(attempt: RedemptionAttempt): Promise<RedemptionOutcome> {
    return this.#group.writeSeveral(() => this.#judge(attempt));
  }

  removeStale(expiredBeforeMilliseconds: number, triesBeforeMilliseconds: number): Promise<void> {
    return this.#group.writeSeveral(() => {
      this.#removeExpired.run(expiredBeforeMilliseconds);
      this.#removeOldTries.run(triesBeforeMilliseconds);
    });
  }

  #judge(attempt: RedemptionAttempt): RedemptionOutcome {
    const { tenantId, macAddress, nowMilliseconds } = attempt;
    const stored = this.#findWithTries.get(tenantId, macAddress) as
      | { code: string; expiresAt: number; wrongTries: number }
      | undefined;
    if (stored === undefined) return { outcome: "no-code" };
    const lockedBy = this.#lockedBy(attempt, stored.wrongTries);
    if (lockedBy !== undefined) return { outcome: "locked", by: lockedBy };
    if (stored.code !== attempt.code) {
      this.#countTry.run(tenantId, macAddress);
      this.#recordTry.run(tenantId, macAddress, attempt.address, nowMilliseconds);
      return { outcome: "wrong", deviceTries: stored.wrongTries + 1 };
    }
    if (stored.expiresAt <= nowMilliseconds) return { outcome: "expired" };
    if (!this.#devices.replaceNow(attempt.enrolledDevice, attempt.expectedRevision)) {
      return { outcome: "conflict" };
    }
    this.#remove.run(tenantId, macAddress);
    this.#forgetTries.run(tenantId, macAddress);
    return { outcome: "enrolled" };
  }

  #lockedBy(
    attempt: RedemptionAttempt,
    deviceTries: number,
  ): "device" | "address" | "tenant" | undefined {
    if (deviceTries >= guessLimits.deviceTries) return "device";
    const { tenantId, address } = attempt;
    const since = attempt.nowMilliseconds - guessLimits.windowMilliseconds;
    const fromAddress = Number(this.#triesFromAddress.get(tenantId, since, address)?.tries);
    if (fromAddress >= guessLimits.addressTries) return "address";
    const inTenant = Number(this.#triesInTenant.get(tenantId, since)?.tries);
    return inTenant >= guessLimits.tenantTries ? "tenant" : undefined;
  }

  #findNow(tenantId: TenantId, macAddress: MacAddress): VerificationCode | undefined {
    const row = this.#find.get(tenantId, macAddress);
    return row === undefined ? undefined : asCode(row);
  }
}

/** Rows of node:sqlite have no prototype; a plain object compares as one expects. */
function asCode(row: object): VerificationCode {
  return { ...(row as VerificationCode) };
}
