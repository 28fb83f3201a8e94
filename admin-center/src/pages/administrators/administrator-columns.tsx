import { Button, useRestoreFocusTarget } from "@fluentui/react-components";
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import type { Administrator } from "../../api/administrator-types.ts";
import type { Column } from "../../parts/data-table.tsx";
import { TimeText } from "../../parts/time-text.tsx";

/** What is asked of an administrator's row. */
export interface AdministratorTask {
  readonly task: "change" | "delete";
  readonly administrator: Administrator;
}

/** The columns of the administrators. */
export function administratorColumns(
  t: TFunction,
  onTask: (task: AdministratorTask) => void,
): readonly Column<Administrator>[] {
  return [
    {
      id: "name",
      label: t("administrators.name"),
      width: "minmax(160px, 2fr)",
      render: ({ name }) => <span title={name}>{name}</span>,
      sortValue: ({ name }) => name,
    },
    {
      id: "role",
      label: t("administrators.role"),
      width: "minmax(130px, 1fr)",
      render: ({ role }) => t(`role.${role}`),
      sortValue: ({ role }) => t(`role.${role}`),
    },
    {
      id: "kind",
      label: t("administrators.kind"),
      width: "minmax(210px, 1fr)",
      render: ({ kind }) => t(`administrators.kinds.${kind}`),
      sortValue: ({ kind }) => t(`administrators.kinds.${kind}`),
    },
    {
      id: "createdAt",
      label: t("administrators.createdAt"),
      width: "minmax(130px, 1fr)",
      render: ({ createdAt }) => <TimeText at={createdAt} />,
      sortValue: ({ createdAt }) => Date.parse(createdAt ?? "") || 0,
    },
    {
      id: "tasks",
      label: t("administrators.tasks"),
      width: "260px",
      render: (administrator) => <Tasks administrator={administrator} onTask={onTask} />,
    },
  ];
}

function Tasks({
  administrator,
  onTask,
}: {
  readonly administrator: Administrator;
  readonly onTask: (task: AdministratorTask) => void;
}) {
  const { t } = useTranslation();
  const restoreFocus = useRestoreFocusTarget();
  const { kind, name } = administrator;
  // The first one stands in the settings: nothing of him can be changed here.
  if (kind === "settings") return null;
  return (
    <>
      {kind === "token" && (
        <Button
          {...restoreFocus}
          appearance="subtle"
          size="small"
          aria-label={t("administrators.changeRoleOf", { name })}
          onClick={() => onTask({ task: "change", administrator })}
        >
          {t("administrators.changeRole")}
        </Button>
      )}
      <Button
        {...restoreFocus}
        appearance="subtle"
        size="small"
        aria-label={t("administrators.deleteOf", { name })}
        onClick={() => onTask({ task: "delete", administrator })}
      >
        {t("administrators.delete")}
      </Button>
    </>
  );
}
