import type { User } from "../domain/user.ts";
import { fold } from "./fold.ts";

/** What a search is looked for in: a user's UPN, name and number, one a line, case folded. */
export function searchTextOfUser(user: User): string {
  const fields = [user.upn, user.displayName, user.phoneNumber];
  return fold(fields.filter((field) => field !== null).join("\n"));
}
