import type { TenantId } from "./tenant.ts";
import type { User, UserStore } from "./user.ts";

const usersAtOnce = 500;

/** The users of a calling policy, page by page, none held longer than its page. */
export async function* usersOfPolicy(
  users: UserStore,
  tenantId: TenantId,
  policyName: string,
): AsyncGenerator<readonly User[]> {
  const wanted = policyName.toLowerCase();
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<UserStore["list"]>> = await users.list(tenantId, {
      limit: usersAtOnce,
      ...(cursor === null ? {} : { cursor }),
    });
    yield page.items.filter((user) => user.callingPolicy.toLowerCase() === wanted);
    cursor = page.nextCursor;
  } while (cursor !== null);
}
