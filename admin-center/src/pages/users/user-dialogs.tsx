import { Button } from "@fluentui/react-components";
import { DeleteRegular } from "@fluentui/react-icons";
import { useTranslation } from "react-i18next";
import type { Device } from "../../api/types.ts";
import type { CallingPolicy, User } from "../../api/user-types.ts";
import { AssignPolicyDialog } from "./assign-policy-dialog.tsx";
import { DeleteUsersDialog } from "./delete-users-dialog.tsx";
import type { UserAction } from "./user-actions.tsx";
import { NewUserEditor, UserEditor } from "./user-editor.tsx";

/** The drawer or dialog of what is being done. */
export function UserDialogs({
  action,
  policies,
  devicesOf,
  onAction,
  onWritten,
  onManyWritten,
}: {
  readonly action: UserAction | undefined;
  readonly policies: readonly CallingPolicy[];
  /** Devices by the UPN of who is signed in on them. */
  readonly devicesOf: ReadonlyMap<string, readonly Device[]>;
  readonly onAction: (action: UserAction | undefined) => void;
  readonly onWritten: (user: User) => void;
  readonly onManyWritten: (upns: readonly string[]) => void;
}) {
  const { t } = useTranslation();
  if (action === undefined) return null;
  const onClose = () => onAction(undefined);
  const editor = { policies, onClose, onSaved: onWritten };
  switch (action.kind) {
    case "add":
      return <NewUserEditor {...editor} />;
    case "edit": {
      const { upn } = action;
      const remove = (
        <Button icon={<DeleteRegular />} onClick={() => onAction({ kind: "delete", upns: [upn] })}>
          {t("users.delete")}
        </Button>
      );
      return (
        <UserEditor {...editor} upn={upn} devices={devicesOf.get(upn) ?? []} actions={remove} />
      );
    }
    case "assign":
    case "delete": {
      const { upns } = action;
      const devices = upns.flatMap((upn) => devicesOf.get(upn) ?? []);
      const dialog = { upns, devices, onClose };
      const onDone = () => onManyWritten(upns);
      return action.kind === "delete" ? (
        <DeleteUsersDialog {...dialog} onDeleted={onDone} />
      ) : (
        <AssignPolicyDialog {...dialog} policies={policies} onAssigned={onDone} />
      );
    }
  }
}
