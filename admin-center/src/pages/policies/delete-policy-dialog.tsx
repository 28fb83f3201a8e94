import { Text } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import { call } from "../../api/call.ts";
import { policyPath } from "../../api/user-types.ts";
import { ConfirmDialog } from "../../parts/confirm-dialog.tsx";

/** Asks before a policy is deleted; one that users have stays, and the gateway says how many. */
export function DeletePolicyDialog({
  name,
  onClose,
  onDeleted,
}: {
  readonly name: string;
  readonly onClose: () => void;
  readonly onDeleted: () => void;
}) {
  const { t } = useTranslation();
  return (
    <ConfirmDialog
      title={t("policies.deleteTitle", { name })}
      confirmLabel={t("policies.delete")}
      onConfirm={async () => {
        await call(policyPath(name), { method: "DELETE" });
        onDeleted();
      }}
      onClose={onClose}
    >
      <Text block>{t("policies.deleteText")}</Text>
    </ConfirmDialog>
  );
}
