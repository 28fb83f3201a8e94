import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
} from "@fluentui/react-components";
import { ArrowDownloadRegular } from "@fluentui/react-icons";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import type { Device } from "../../api/types.ts";
import { downloadCsv } from "../../parts/download-csv.ts";

/**
 * Users are signed in on several devices by a file (`POST /bulk-sign-in`): gives that file with the
 * devices filled in, and leads to where it is uploaded.
 */
export function BulkSignInDialog({
  devices,
  onClose,
}: {
  readonly devices: readonly Device[];
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return (
    <Dialog open onOpenChange={(_, { open }) => !open && onClose()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{t("devices.action.signIn.title", { count: devices.length })}</DialogTitle>
          <DialogContent>
            <p>{t("devices.action.signIn.text")}</p>
            <Button
              icon={<ArrowDownloadRegular />}
              onClick={() =>
                downloadCsv(
                  "BulkSignIn.csv",
                  [
                    { header: "Username", value: () => "" },
                    { header: "HardwareId", value: ({ macAddress }) => macAddress },
                  ],
                  devices,
                )
              }
            >
              {t("devices.action.signIn.file")}
            </Button>
          </DialogContent>
          <DialogActions>
            <Button onClick={onClose}>{t("action.close")}</Button>
            <Button appearance="primary" onClick={() => void navigate("/provision/bulk-sign-in")}>
              {t("devices.action.signIn.where")}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
