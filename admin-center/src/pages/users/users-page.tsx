import {
  MessageBar,
  MessageBarBody,
  makeStyles,
  SearchBox,
  Text,
  tokens,
} from "@fluentui/react-components";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { User } from "../../api/user-types.ts";
import { inventory } from "../../live/inventory.ts";
import { useInventory } from "../../live/use-inventory.ts";
import { usePolicies } from "../../live/use-policies.ts";
import { DataTable } from "../../parts/data-table.tsx";
import { ErrorNotice } from "../../parts/error-notice.tsx";
import { PageFrame } from "../../parts/page-frame.tsx";
import type { SortOrder } from "../../parts/sort-rows.ts";
import { useMay } from "../../session/session-context.ts";
import { devicesByUser } from "./devices-of-users.ts";
import { MoreUsers } from "./more-users.tsx";
import { useSettled } from "./use-settled.ts";
import { useUsers } from "./use-users.ts";
import { type UserAction, UserActions } from "./user-actions.tsx";
import { userColumns } from "./user-columns.tsx";
import { UserDialogs } from "./user-dialogs.tsx";

const useStyles = makeStyles({
  tools: {
    display: "flex",
    flexWrap: "wrap",
    alignItems: "center",
    gap: tokens.spacingHorizontalM,
  },
  search: { width: "320px", maxWidth: "100%" },
});

/** Users: who can be signed in on a device. */
export default function UsersPage() {
  const { t } = useTranslation();
  const styles = useStyles();
  const mayEdit = useMay("administrator");
  const [typed, setTyped] = useState("");
  const search = useSettled(typed.trim());
  const list = useUsers(search);
  const { data: policies = [] } = usePolicies();
  const { devices } = useInventory();
  const byUser = useMemo(() => devicesByUser(devices.values()), [devices]);
  const [order, setOrder] = useState<SortOrder>({ column: "upn", descending: false });
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const [action, setAction] = useState<UserAction>();
  const [saved, setSaved] = useState<User>();
  const columns = useMemo(
    () => userColumns(t, byUser, mayEdit ? (upn) => setAction({ kind: "edit", upn }) : undefined),
    [t, byUser, mayEdit],
  );
  // Who is not shown is not acted upon.
  const selected = useMemo(
    () => list.users.filter(({ upn }) => ticked.has(upn)),
    [list.users, ticked],
  );
  const selection = {
    keys: useMemo(() => new Set(selected.map(({ upn }) => upn)), [selected]),
    onChange: setTicked,
  };

  function written(upns: readonly string[]): void {
    for (const upn of upns) {
      for (const { macAddress } of byUser.get(upn) ?? []) inventory.touch(macAddress);
    }
  }

  return (
    <PageFrame
      title={t("users.title")}
      lead={t("users.lead")}
      actions={<UserActions users={list.users} selected={selected} onAction={setAction} />}
    >
      {list.error !== undefined && <ErrorNotice error={list.error} onRetry={list.reload} />}
      {saved !== undefined && <SavedNotice user={saved} hasPhones={byUser.has(saved.upn)} />}
      <div className={styles.tools}>
        <SearchBox
          className={styles.search}
          aria-label={t("users.search")}
          placeholder={t("users.searchHint")}
          value={typed}
          onChange={(_, { value }) => setTyped(value)}
        />
        <Text role="status">{t("users.shown", { count: list.users.length })}</Text>
        {selected.length > 0 && <Text>{t("users.selected", { count: selected.length })}</Text>}
      </div>
      <DataTable
        label={t("users.title")}
        columns={columns}
        rows={list.users}
        keyOf={({ upn }) => upn}
        nameOf={({ upn }) => upn}
        order={order}
        onOrder={setOrder}
        {...(mayEdit ? { selection } : {})}
        empty={t(emptyText(list.status, search))}
      />
      {list.status === "partial" && <MoreUsers count={list.users.length} onMore={list.loadMore} />}
      <UserDialogs
        action={action}
        policies={policies}
        devicesOf={byUser}
        onAction={setAction}
        onWritten={(user) => {
          list.show(user);
          setSaved(user);
          written([user.upn]);
        }}
        onManyWritten={(upns) => {
          list.reload();
          setSaved(undefined);
          written(upns);
        }}
      />
    </PageFrame>
  );
}

/** Says that a user was written, and where his phones' progress is seen. */
function SavedNotice({ user, hasPhones }: { readonly user: User; readonly hasPhones: boolean }) {
  const { t } = useTranslation();
  const { upn, callingPolicy } = user;
  return (
    <MessageBar intent="success" layout="multiline">
      <MessageBarBody>
        {t("users.saved", { upn })}{" "}
        {hasPhones && (
          <>
            {t("users.savedPhones")}{" "}
            <Link to={`/policies/${encodeURIComponent(callingPolicy)}`}>{callingPolicy}</Link>
          </>
        )}
      </MessageBarBody>
    </MessageBar>
  );
}

function emptyText(status: string, search: string): string {
  if (status === "loading") return "table.loading";
  return search === "" ? "users.none" : "users.noMatch";
}
