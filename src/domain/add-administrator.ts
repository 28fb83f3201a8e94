import { randomUUID } from "node:crypto";
import {
  type Administrator,
  type AdministratorRole,
  mostAdministrators,
  readAdministratorName,
} from "./administrator.ts";
import { hashSecret, makeAdministratorToken } from "./administrator-token.ts";
import type { Stores } from "./stores.ts";
import type { TenantId } from "./tenant.ts";
import type { TimeSource } from "./time-source.ts";

/** What became of adding an administrator. */
export type AddAdministratorOutcome =
  /** `token` is told here and never again. */
  | {
      readonly outcome: "added";
      readonly administrator: Administrator;
      readonly token: string;
    }
  | { readonly outcome: "invalid" | "refused"; readonly reason: string };

/** Adds an administrator who proves himself with a token, and makes it. */
export async function addAdministrator(
  { administrators, clock }: Pick<Stores, "administrators"> & { readonly clock: TimeSource },
  tenantId: TenantId,
  entry: { readonly name: string; readonly role: AdministratorRole },
): Promise<AddAdministratorOutcome> {
  const reading = readAdministratorName(entry.name);
  if (!reading.ok) return { outcome: "invalid", reason: reading.reason };
  const token = makeAdministratorToken();
  const administrator: Administrator = {
    tenantId,
    id: randomUUID(),
    name: reading.name,
    role: entry.role,
    kind: "token",
    tokenHash: hashSecret(token),
    createdAtMilliseconds: clock.nowMilliseconds(),
  };
  switch (await administrators.insert(administrator)) {
    case "inserted":
      return { outcome: "added", administrator, token };
    case "exists":
      return { outcome: "refused", reason: "There is an administrator of this name already." };
    case "full":
      return {
        outcome: "refused",
        reason: `There are ${mostAdministrators} administrators, the most that are kept; delete one.`,
      };
  }
}
