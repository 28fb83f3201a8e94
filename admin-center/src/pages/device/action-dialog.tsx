import { makeStyles, tokens } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import type { Device } from "../../api/types.ts";
import { ConfirmDialog } from "../../parts/confirm-dialog.tsx";
import { type ConfirmedAction, doDeviceAction } from "./do-device-action.ts";

const useStyles = makeStyles({
  text: { display: "grid", gap: tokens.spacingVerticalS, marginBottom: tokens.spacingVerticalS },
});

const toPhone: ReadonlySet<ConfirmedAction> = new Set(["restart", "sync", "sign-out"]);

/** Says what an action will do to this device, and has it done. */
export function ActionDialog({
  action,
  device,
  onDone,
  onClose,
}: {
  readonly action: ConfirmedAction;
  readonly device: Device;
  /** With the id of the command to follow, if there is one. */
  readonly onDone: (commandId: string | undefined) => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const styles = useStyles();
  const { macAddress, location, user } = device;
  const isSignedOutByIt = user !== null && (action === "reset" || action === "delete");
  return (
    <ConfirmDialog
      title={t(`devicePage.confirm.${action}.title`, {
        name: location === "" ? macAddress : `${location} (${macAddress})`,
      })}
      confirmLabel={t(`deviceAction.${action}`)}
      onConfirm={async () => onDone(await doDeviceAction(action, macAddress))}
      onClose={onClose}
    >
      <div className={styles.text}>
        <div>
          {t(`devicePage.confirm.${action}.text`, { user: user?.displayName ?? user?.upn ?? "" })}
        </div>
        {isSignedOutByIt && (
          <div>{t("devicePage.confirm.signsOut", { user: user.displayName })}</div>
        )}
        {!device.online && toPhone.has(action) && (
          <div>
            {t(`devicePage.confirm.${action === "sign-out" ? "offlineDone" : "offlineQueued"}`)}
          </div>
        )}
      </div>
    </ConfirmDialog>
  );
}
