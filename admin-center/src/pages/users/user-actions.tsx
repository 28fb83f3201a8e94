import { Button, useRestoreFocusTarget } from "@fluentui/react-components";
import {
  ArrowDownloadRegular,
  DeleteRegular,
  PersonAddRegular,
  SlideSettingsRegular,
} from "@fluentui/react-icons";
import { useTranslation } from "react-i18next";
import type { User } from "../../api/user-types.ts";
import { downloadCsv } from "../../parts/download-csv.ts";
import { useMay } from "../../session/session-context.ts";
import { forwardingText } from "./user-columns.tsx";

/** What is being done to users, in a drawer or dialog. */
export type UserAction =
  | { readonly kind: "add" }
  | { readonly kind: "edit"; readonly upn: string }
  | { readonly kind: "assign" | "delete"; readonly upns: readonly string[] };

/** What can be done on the users' page. */
export function UserActions({
  users,
  selected,
  onAction,
}: {
  /** All that are shown. */
  readonly users: readonly User[];
  readonly selected: readonly User[];
  readonly onAction: (action: UserAction) => void;
}) {
  const { t } = useTranslation();
  const mayEdit = useMay("administrator");
  const restoreFocus = useRestoreFocusTarget();
  const upns = selected.map(({ upn }) => upn);
  return (
    <>
      {mayEdit && (
        <>
          <Button
            {...restoreFocus}
            appearance="primary"
            icon={<PersonAddRegular />}
            onClick={() => onAction({ kind: "add" })}
          >
            {t("users.add")}
          </Button>
          <Button
            {...restoreFocus}
            icon={<SlideSettingsRegular />}
            disabled={selected.length === 0}
            onClick={() => onAction({ kind: "assign", upns })}
          >
            {t("users.assign")}
          </Button>
          <Button
            {...restoreFocus}
            icon={<DeleteRegular />}
            disabled={selected.length === 0}
            onClick={() => onAction({ kind: "delete", upns })}
          >
            {t("users.delete")}
          </Button>
        </>
      )}
      <Button
        icon={<ArrowDownloadRegular />}
        onClick={() => {
          downloadCsv(
            "users.csv",
            [
              { header: t("users.upn"), value: ({ upn }: User) => upn },
              { header: t("users.displayName"), value: ({ displayName }) => displayName },
              { header: t("users.phoneNumber"), value: ({ phoneNumber }) => phoneNumber ?? "" },
              { header: t("users.callingPolicy"), value: ({ callingPolicy }) => callingPolicy },
              { header: t("users.forwarding"), value: (user) => forwardingText(t, user) },
              {
                header: t("users.doNotDisturb"),
                value: ({ doNotDisturb }) => t(doNotDisturb ? "users.on" : "users.off"),
              },
            ],
            selected.length > 0 ? selected : users,
          );
        }}
      >
        {t("users.export")}
      </Button>
    </>
  );
}
