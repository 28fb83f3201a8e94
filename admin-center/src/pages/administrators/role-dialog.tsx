import { Text } from "@fluentui/react-components";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Administrator } from "../../api/administrator-types.ts";
import { call } from "../../api/call.ts";
import { ConfirmDialog } from "../../parts/confirm-dialog.tsx";
import { RoleField } from "./role-field.tsx";

/** Gives an administrator another role. */
export function RoleDialog({
  administrator: { name, role: before },
  onDone,
  onClose,
}: {
  readonly administrator: Administrator;
  readonly onDone: () => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const [role, setRole] = useState(before);
  return (
    <ConfirmDialog
      title={t("administrators.changeTitle", { name })}
      confirmLabel={t("action.save")}
      onConfirm={async () => {
        const path = `/administrators/${encodeURIComponent(name)}`;
        await call(path, { method: "PATCH", body: { role } });
        onDone();
      }}
      onClose={onClose}
    >
      <Text as="p">{t("administrators.changeText")}</Text>
      <RoleField role={role} onRole={setRole} />
    </ConfirmDialog>
  );
}
