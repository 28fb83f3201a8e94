import { Text } from "@fluentui/react-components";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "../../api/call.ts";
import type { Device } from "../../api/types.ts";
import { userPath } from "../../api/user-types.ts";
import { ConfirmDialog } from "../../parts/confirm-dialog.tsx";
import { failureOf } from "./failure-of.ts";
import { SignOutWarning } from "./sign-out-warning.tsx";
import { forEachUser } from "./write-users.ts";

/** Asks before users are deleted, and says which devices that signs out. */
export function DeleteUsersDialog({
  upns,
  devices,
  onClose,
  onDeleted,
}: {
  readonly upns: readonly string[];
  /** On which they are signed in. */
  readonly devices: readonly Device[];
  readonly onClose: () => void;
  /** Told whether or not all could be deleted. */
  readonly onDeleted: () => void;
}) {
  const { t } = useTranslation();
  const [done, setDone] = useState(0);

  async function deleteAll(): Promise<void> {
    const remove = (upn: string) => call(userPath(upn), { method: "DELETE" });
    const failures = await forEachUser(upns, remove, setDone);
    onDeleted();
    if (failures.length > 0) throw failureOf(t, failures, upns.length);
  }

  const title =
    upns.length === 1
      ? t("users.deleteOne", { upn: upns[0] })
      : t("users.deleteTitle", { count: upns.length });
  return (
    <ConfirmDialog
      title={title}
      confirmLabel={t("users.delete")}
      onConfirm={deleteAll}
      onClose={onClose}
    >
      <Text block>{t("users.deleteText", { count: upns.length })}</Text>
      <SignOutWarning devices={devices} reason="" />
      {done > 0 && <Text block>{t("users.done", { done, count: upns.length })}</Text>}
    </ConfirmDialog>
  );
}
