import { Button, useRestoreFocusTarget } from "@fluentui/react-components";
import {
  ArrowCounterclockwiseRegular,
  ArrowResetRegular,
  ArrowSyncRegular,
  DeleteRegular,
  KeyRegular,
  PersonAddRegular,
  SignOutRegular,
} from "@fluentui/react-icons";
import { type ReactElement, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Device } from "../../api/types.ts";
import { SignInDialog } from "../../parts/sign-in-dialog.tsx";
import { useSession } from "../../session/session-context.ts";
import { ActionDialog } from "./action-dialog.tsx";
import { type DeviceAction, offeredActions } from "./device-actions.ts";
import type { ConfirmedAction } from "./do-device-action.ts";

const icons: Readonly<Record<DeviceAction, ReactElement>> = {
  "sign-in": <PersonAddRegular />,
  "generate-code": <KeyRegular />,
  restart: <ArrowCounterclockwiseRegular />,
  sync: <ArrowSyncRegular />,
  "sign-out": <SignOutRegular />,
  reset: <ArrowResetRegular />,
  delete: <DeleteRegular />,
};

const primary: ReadonlySet<DeviceAction> = new Set(["sign-in", "generate-code"]);

/** What can be done with a device as it stands, by who is signed in. */
export function ActionBar({
  device,
  onDone,
}: {
  readonly device: Device;
  readonly onDone: (action: ConfirmedAction, commandId: string | undefined) => void;
}) {
  const { t } = useTranslation();
  const { session } = useSession();
  const [open, setOpen] = useState<DeviceAction>();
  const restoreFocus = useRestoreFocusTarget();
  const close = () => setOpen(undefined);
  return (
    <>
      {offeredActions(device, session.role).map((action) => (
        <Button
          key={action}
          appearance={primary.has(action) ? "primary" : "secondary"}
          icon={icons[action]}
          onClick={() => setOpen(action)}
          {...restoreFocus}
        >
          {t(`deviceAction.${action}`)}
        </Button>
      ))}
      {open === "sign-in" && <SignInDialog device={device} onClose={close} />}
      {open !== undefined && open !== "sign-in" && (
        <ActionDialog
          action={open}
          device={device}
          onDone={(commandId) => onDone(open, commandId)}
          onClose={close}
        />
      )}
    </>
  );
}
