import type { TenantId } from "./tenant.ts";
import type { UserStore } from "./user.ts";

const usersAtOnce = 500;

/** How many users there are. */
export interface UserCounts {
  readonly total: number;
  /** By calling policy, as the users name it; those that nobody has are left out. */
  readonly byPolicy: readonly { readonly name: string; readonly users: number }[];
}

/** Counts a tenant's users by calling policy, page by page, none held longer than its page. */
export async function countUsers(users: UserStore, tenantId: TenantId): Promise<UserCounts> {
  const byPolicy = new Map<string, number>();
  let total = 0;
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<UserStore["list"]>> = await users.list(tenantId, {
      limit: usersAtOnce,
      ...(cursor === null ? {} : { cursor }),
    });
    total += page.items.length;
    for (const { callingPolicy } of page.items) {
      byPolicy.set(callingPolicy, (byPolicy.get(callingPolicy) ?? 0) + 1);
    }
    cursor = page.nextCursor;
  } while (cursor !== null);
  const counted = [...byPolicy].map(([name, count]) => ({ name, users: count }));
  return { total, byPolicy: counted.sort((one, other) => one.name.localeCompare(other.name)) };
}
