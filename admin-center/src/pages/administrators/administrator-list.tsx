import { Button, Text, useRestoreFocusTarget } from "@fluentui/react-components";
import { AddRegular } from "@fluentui/react-icons";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Administrator } from "../../api/administrator-types.ts";
import { call } from "../../api/call.ts";
import type { Page } from "../../api/types.ts";
import { useResource } from "../../live/use-resource.ts";
import { ConfirmDialog } from "../../parts/confirm-dialog.tsx";
import { DataTable } from "../../parts/data-table.tsx";
import { ErrorNotice } from "../../parts/error-notice.tsx";
import { PageFrame } from "../../parts/page-frame.tsx";
import type { SortOrder } from "../../parts/sort-rows.ts";
import { useSession } from "../../session/session-context.ts";
import { AddDialog } from "./add-dialog.tsx";
import { type AdministratorTask, administratorColumns } from "./administrator-columns.tsx";
import { RoleDialog } from "./role-dialog.tsx";

const path = "/administrators";
/** Others may change them; no event tells of it. */
const askEveryMilliseconds = 60_000;

const nameOf = ({ name }: Administrator) => name;
const nobody: readonly Administrator[] = [];

/** All administrators, and what can be done with them. */
export function AdministratorList() {
  const { t } = useTranslation();
  const restoreFocus = useRestoreFocusTarget();
  const [order, setOrder] = useState<SortOrder>({ column: "name", descending: false });
  const [isAdding, setAdding] = useState(false);
  const [task, setTask] = useState<AdministratorTask>();
  const columns = useMemo(() => administratorColumns(t, setTask), [t]);
  const { data, error, reload } = useResource(
    path,
    (signal) => call<Page<Administrator>>(path, { signal }),
    { everyMilliseconds: askEveryMilliseconds },
  );
  return (
    <PageFrame
      title={t("administrators.title")}
      lead={t("administrators.lead")}
      actions={
        <Button
          {...restoreFocus}
          appearance="primary"
          icon={<AddRegular />}
          onClick={() => setAdding(true)}
        >
          {t("administrators.add")}
        </Button>
      }
    >
      {error !== undefined && <ErrorNotice error={error} onRetry={reload} />}
      <DataTable
        label={t("administrators.title")}
        columns={columns}
        rows={data?.items ?? nobody}
        keyOf={nameOf}
        nameOf={nameOf}
        order={order}
        onOrder={setOrder}
        empty={t("table.loading")}
      />
      {isAdding && <AddDialog onAdded={reload} onClose={() => setAdding(false)} />}
      {task?.task === "change" && (
        <RoleDialog
          administrator={task.administrator}
          onDone={reload}
          onClose={() => setTask(undefined)}
        />
      )}
      {task?.task === "delete" && (
        <DeleteDialog
          name={task.administrator.name}
          onDone={reload}
          onClose={() => setTask(undefined)}
        />
      )}
    </PageFrame>
  );
}

function DeleteDialog({
  name,
  onDone,
  onClose,
}: {
  readonly name: string;
  readonly onDone: () => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const { session } = useSession();
  const isOwn = session.name.toLowerCase() === name.toLowerCase();
  return (
    <ConfirmDialog
      title={t("administrators.deleteTitle", { name })}
      confirmLabel={t("administrators.delete")}
      onConfirm={async () => {
        await call(`${path}/${encodeURIComponent(name)}`, { method: "DELETE" });
        onDone();
      }}
      onClose={onClose}
    >
      <Text as="p">{t("administrators.deleteText")}</Text>
      {isOwn && <Text as="p">{t("administrators.deleteOwn")}</Text>}
    </ConfirmDialog>
  );
}
