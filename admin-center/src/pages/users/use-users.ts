import { useCallback, useEffect, useRef, useState } from "react";
import { type ApiError, asApiError } from "../../api/api-error.ts";
import { call } from "../../api/call.ts";
import type { Page } from "../../api/types.ts";
import { type User, userPath } from "../../api/user-types.ts";
import { eventStream } from "../../live/event-stream.ts";
import { inventory } from "../../live/inventory.ts";

const firstPageSize = 100;
const pageSize = 1000;
/** As many are read by themselves; more when they are asked for. */
const usersAtOnce = 5000;

/** Users as they are known now. */
export interface UserList {
  readonly users: readonly User[];
  /** `partial`: there are more, which were not asked for. */
  readonly status: "loading" | "partial" | "complete" | "failed";
  readonly error: ApiError | undefined;
  /** Where the next page begins; null after the last one. */
  readonly nextCursor: string | null;
}

const nothingYet: UserList = { users: [], status: "loading", error: undefined, nextCursor: null };

/** The users whose UPN, name or number holds what is searched for, in the order of their UPNs. */
export function useUsers(search: string): UserList & {
  readonly loadMore: () => void;
  readonly reload: () => void;
  /** A user was written. */
  readonly show: (user: User) => void;
} {
  const [list, setList] = useState<UserList>(nothingYet);
  const [turn, setTurn] = useState(0);
  const reload = useCallback(() => setTurn((before) => before + 1), []);
  const abort = useRef(new AbortController());
  const shown = useRef<string>(undefined);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a turn is a wish to read again
  useEffect(() => {
    const own = new AbortController();
    abort.current = own;
    const isOther = shown.current !== search;
    shown.current = search;
    if (isOther) setList(nothingYet);
    // What is read again comes in one piece, so that the table does not shrink and grow.
    void readUsers(search, nothingYet, own.signal, (after) => {
      if (after.status === "failed") setList((before) => ({ ...before, ...failureOf(after) }));
      else if (isOther || after.status !== "loading") setList(after);
    });
    return () => own.abort();
  }, [search, turn]);

  const loadMore = useCallback(() => {
    const { signal } = abort.current;
    void readUsers(search, { ...list, status: "loading" }, signal, setList);
  }, [search, list]);
  const show = useCallback((user: User) => setList((before) => withUser(before, user)), []);
  useEffect(() => {
    const replace = (user: User) =>
      setList((before) => (isShown(before, user) ? withUser(before, user) : before));
    return followPhones(replace, reload);
  }, [reload]);
  return { ...list, loadMore, reload, show };
}

async function readUsers(
  search: string,
  from: UserList,
  signal: AbortSignal,
  onList: (list: UserList) => void,
): Promise<void> {
  let list = from;
  const upTo = from.users.length + usersAtOnce;
  try {
    do {
      const query = new URLSearchParams({ limit: String(pageSizeAfter(list)) });
      if (search !== "") query.set("search", search);
      if (list.nextCursor !== null) query.set("cursor", list.nextCursor);
      const { items, nextCursor } = await call<Page<User>>(`/users?${query}`, { signal });
      if (signal.aborted) return;
      const users = [...list.users, ...items];
      list = { users, nextCursor, error: undefined, status: statusOf(nextCursor, users, upTo) };
      onList(list);
    } while (list.status === "loading");
  } catch (error) {
    if (!signal.aborted) onList({ ...list, status: "failed", error: asApiError(error) });
  }
}

function pageSizeAfter({ users }: UserList): number {
  return users.length === 0 ? firstPageSize : pageSize;
}

function statusOf(
  nextCursor: string | null,
  users: readonly User[],
  upTo: number,
): UserList["status"] {
  if (nextCursor === null) return "complete";
  return users.length >= upTo ? "partial" : "loading";
}

/** What is shown stays where it cannot be read anew. */
function failureOf({ status, error }: UserList): Pick<UserList, "status" | "error"> {
  return { status, error };
}

function isShown({ users }: UserList, user: User): boolean {
  return users.some(({ upn }) => upn === user.upn);
}

function withUser(list: UserList, user: User): UserList {
  const { users, nextCursor } = list;
  if (isShown(list, user)) {
    return { ...list, users: users.map((one) => (one.upn === user.upn ? user : one)) };
  }
  const next = users.findIndex(({ upn }) => upn > user.upn);
  if (next !== -1) return { ...list, users: users.toSpliced(next, 0, user) };
  // After the last one that is shown, it comes with the next page, if there is one.
  return nextCursor === null ? { ...list, users: [...users, user] } : list;
}

/** Users change forwarding and do not disturb at their phones, by feature codes. */
function followPhones(replace: (user: User) => void, reload: () => void): () => void {
  return eventStream.listen({
    onEvent: ({ type, subject, change }) => {
      if (type !== "device" || change !== "feature-code") return;
      const upn = inventory.view.devices.get(subject)?.user?.upn;
      // Who could not be read now is read when the stream is there again.
      if (upn !== undefined) void call<User>(userPath(upn)).then(replace, () => {});
    },
    onReconnect: reload,
  });
}
