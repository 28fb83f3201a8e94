import { Text } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import { ConfirmDialog } from "../../parts/confirm-dialog.tsx";

/** Asks before a change signs everybody out who has the policy. */
export function SignOutPolicyDialog({
  devices,
  onConfirm,
  onClose,
}: {
  readonly devices: number;
  readonly onConfirm: () => Promise<void>;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  return (
    <ConfirmDialog
      title={t("policies.signOutTitle")}
      confirmLabel={t("policies.signOutConfirm")}
      onConfirm={onConfirm}
      onClose={onClose}
    >
      <Text block>{t("policies.signOutText", { count: devices })}</Text>
    </ConfirmDialog>
  );
}
