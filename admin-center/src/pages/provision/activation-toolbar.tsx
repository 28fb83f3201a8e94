import { Button, useRestoreFocusTarget } from "@fluentui/react-components";
import {
  AddRegular,
  ArrowDownloadRegular,
  ArrowUploadRegular,
  DeleteRegular,
  KeyMultipleRegular,
  PrintRegular,
} from "@fluentui/react-icons";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import type { Device } from "../../api/types.ts";
import { useMay } from "../../session/session-context.ts";
import type { ActivationDialogName } from "./activation-dialog.tsx";
import { TabToolbar } from "./tab-toolbar.tsx";

/** What can be done with devices that wait on activation: with those chosen, else with all. */
export function ActivationToolbar({
  mayChange,
  chosen,
  devices,
  onDialog,
  onGenerate,
  onExport,
}: {
  readonly mayChange: boolean;
  readonly chosen: readonly Device[];
  readonly devices: readonly Device[];
  readonly onDialog: (name: ActivationDialogName) => void;
  readonly onGenerate: () => void;
  readonly onExport: () => void;
}) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const mayRemove = useMay("administrator");
  const focusTarget = useRestoreFocusTarget();
  const hasChosen = chosen.length > 0;
  const hasCode = (hasChosen ? chosen : devices).some((one) => one.verificationCode !== null);

  return (
    <TabToolbar>
      {mayChange && (
        <>
          <Button
            {...focusTarget}
            appearance="primary"
            icon={<AddRegular />}
            onClick={() => onDialog("add")}
          >
            {t("provision.add.open")}
          </Button>
          <Button {...focusTarget} icon={<ArrowUploadRegular />} onClick={() => onDialog("upload")}>
            {t("provision.upload.open")}
          </Button>
          <Button
            {...focusTarget}
            icon={<KeyMultipleRegular />}
            disabled={devices.length === 0}
            onClick={hasChosen ? onGenerate : () => onDialog("generate-all")}
          >
            {hasChosen
              ? t("provision.generate.chosen", { count: chosen.length })
              : t("provision.generate.all")}
          </Button>
        </>
      )}
      <Button icon={<ArrowDownloadRegular />} disabled={!hasCode} onClick={onExport}>
        {hasChosen ? t("provision.exportChosen") : t("provision.export")}
      </Button>
      <Button
        icon={<PrintRegular />}
        disabled={!hasCode}
        onClick={() =>
          void navigate("/provision/sheet", {
            state: hasChosen ? { macAddresses: chosen.map((one) => one.macAddress) } : null,
          })
        }
      >
        {t("provision.sheet.open")}
      </Button>
      {mayRemove && hasChosen && (
        <Button {...focusTarget} icon={<DeleteRegular />} onClick={() => onDialog("remove")}>
          {t("provision.remove.open", { count: chosen.length })}
        </Button>
      )}
    </TabToolbar>
  );
}
