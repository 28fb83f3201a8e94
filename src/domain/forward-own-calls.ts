import type { CallingPolicySettings } from "./calling-policy.ts";
import { e164Candidates } from "./e164-candidates.ts";
import { readPhoneNumber } from "./phone-number.ts";
import type { Stores } from "./stores.ts";
import type { Forwarding, User } from "./user.ts";

/** What became of it. */
export type ForwardOwnCallsOutcome =
  | { readonly outcome: "forwarded"; readonly forwarding: Forwarding }
  | { readonly outcome: "incomplete" | "no-number" | "own-number" | "no-user" }
  /** The user's policy does not allow it. */
  | { readonly outcome: "to-users-not-allowed" | "to-numbers-not-allowed" };

/**
 * Forwards a user's calls to a number that he dialled himself. Unlike an administrator's, which is
 * judged when a call comes, it is refused at once where his policy does not allow it: he hears why.
 * @param dialed digits of a number in international form, with `+`, with 00, or with neither
 * @throws StoreUnavailableError
 */
export async function forwardOwnCalls(
  users: Stores["users"],
  user: User,
  policy: CallingPolicySettings,
  { when, dialed }: { readonly when: Forwarding["when"]; readonly dialed: string },
): Promise<ForwardOwnCallsOutcome> {
  if (/^\+?[0-9]{0,6}$/.test(dialed)) return { outcome: "incomplete" };
  const numbers = e164Candidates(dialed).filter((candidate) => readPhoneNumber(candidate).ok);
  const [first] = numbers;
  if (first === undefined) return { outcome: "no-number" };
  const target = await findUser(users, user, numbers);
  if (target?.upn === user.upn) return { outcome: "own-number" };
  if (target === undefined && !policy.allowCallForwardingToPhone) {
    return { outcome: "to-numbers-not-allowed" };
  }
  if (target !== undefined && !policy.allowCallForwardingToUser) {
    return { outcome: "to-users-not-allowed" };
  }
  const forwarding = { when, to: target?.phoneNumber ?? first };
  const { tenantId, upn } = user;
  const written = await users.setCallHandling(tenantId, upn, { forwarding });
  return written ? { outcome: "forwarded", forwarding } : { outcome: "no-user" };
}

async function findUser(
  users: Stores["users"],
  { tenantId }: User,
  numbers: readonly string[],
): Promise<User | undefined> {
  for (const number of numbers) {
    const found = await users.findByPhoneNumber(tenantId, number);
    if (found !== undefined) return found;
  }
  return undefined;
}
