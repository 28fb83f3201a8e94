import { type ApiError, asApiError } from "../../api/api-error.ts";
import { call } from "../../api/call.ts";
import { type User, type UserInput, userPath } from "../../api/user-types.ts";

const atOnce = 4;

/** Makes a user, whose fields that are not given have their usual value. */
export function createUser(upn: string, given: Partial<UserInput>): Promise<User> {
  return call<User>(userPath(upn), { method: "PUT", body: given });
}

/**
 * Changes some of a user. The API writes a whole user, so that the user is read first, and what is
 * not changed here stays as it is at this moment.
 */
export async function changeUser(upn: string, changes: Partial<UserInput>): Promise<User> {
  const { upn: _upn, ...former } = await call<User>(userPath(upn));
  return call<User>(userPath(upn), { method: "PUT", body: { ...former, ...changes } });
}

/** What became of one of many. */
export interface Failure {
  readonly upn: string;
  readonly error: ApiError;
}

/**
 * Does something for many users, a few at a time; one that fails holds up no other.
 * @param onDone told after each, how many are done
 */
export async function forEachUser(
  upns: readonly string[],
  act: (upn: string) => Promise<unknown>,
  onDone: (done: number) => void,
): Promise<readonly Failure[]> {
  const failures: Failure[] = [];
  const waiting = [...upns];
  let done = 0;
  const work = async () => {
    for (let upn = waiting.shift(); upn !== undefined; upn = waiting.shift()) {
      try {
        await act(upn);
      } catch (error) {
        failures.push({ upn, error: asApiError(error) });
      }
      onDone(++done);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return failures;
}
