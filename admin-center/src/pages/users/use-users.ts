import { useCallback, useEffect, useRef, useState } from "react";
import { type ApiError, asApiError } from "../../api/api-error.ts";
import { call } from "../../api/call.ts";
import type { Page } from "../../api/types.ts";
import type { User } from "../../api/user-types.ts";
import { eventStream } from "../../live/event-stream.ts";

const firstPageSize = 100;
const pageSize = 1000;
/** As many are read by themselves; more when they are asked for. */
const usersAtOnce = 5000;
/** Changes within this time lead to one reading. */
const settleMilliseconds = 2000;

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
  const count = useRef(0);
  count.current = list.users.length;

  // biome-ignore lint/correctness/useExhaustiveDependencies: a turn is a wish to read again
  useEffect(() => {
    const own = new AbortController();
    abort.current = own;
    const isOther = shown.current !== search;
    shown.current = search;
    if (isOther) setList(nothingYet);
    // What is read again comes in one piece, so that the table does not shrink and grow.
    const upTo = Math.max(usersAtOnce, isOther ? 0 : count.current);
    void readUsers(search, nothingYet, upTo, own.signal, (after) => {
      if (after.status === "failed") setList((before) => ({ ...before, ...failureOf(after) }));
      else if (isOther || after.status !== "loading") setList(after);
    });
    return () => own.abort();
  }, [search, turn]);

  const loadMore = useCallback(() => {
    const { signal } = abort.current;
    const upTo = list.users.length + usersAtOnce;
    void readUsers(search, { ...list, status: "loading" }, upTo, signal, setList);
  }, [search, list]);
  const show = useCallback((user: User) => setList((before) => withUser(before, user)), []);
  useEffect(() => followChanges(reload), [reload]);
  return { ...list, loadMore, reload, show };
}

async function readUsers(
  search: string,
  from: UserList,
  upTo: number,
  signal: AbortSignal,
  onList: (list: UserList) => void,
): Promise<void> {
  let list = from;
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

function withUser(list: UserList, user: User): UserList {
  const { users, nextCursor } = list;
  if (users.some(({ upn }) => upn === user.upn)) {
    return { ...list, users: users.map((one) => (one.upn === user.upn ? user : one)) };
  }
  const next = users.findIndex(({ upn }) => upn > user.upn);
  if (next !== -1) return { ...list, users: users.toSpliced(next, 0, user) };
  // After the last one that is shown, it comes with the next page, if there is one.
  return nextCursor === null ? { ...list, users: [...users, user] } : list;
}

/**
 * Reads again, once for however many events come at a time, when users are written, when they change
 * forwarding or do not disturb at their phones by feature codes, and when the stream is there again.
 */
function followChanges(reload: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = eventStream.listen({
    onEvent: ({ type, change }) => {
      if (type !== "user" && change !== "feature-code") return;
      timer ??= setTimeout(() => {
        timer = undefined;
        reload();
      }, settleMilliseconds);
    },
    onReconnect: reload,
  });
  return () => {
    stop();
    clearTimeout(timer);
  };
}
