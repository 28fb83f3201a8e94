import { useTranslation } from "react-i18next";
import { call } from "../../api/call.ts";
import type { Device } from "../../api/types.ts";
import { inventory } from "../../live/inventory.ts";
import { ConfirmDialog } from "../../parts/confirm-dialog.tsx";
import { AddDeviceDialog } from "./add-device-dialog.tsx";
import { codeStanding } from "./code-standing.ts";
import { UploadDialog } from "./upload-dialog.tsx";

/** Which dialog of the tab is open. */
export type ActivationDialogName = "add" | "upload" | "generate-chosen" | "generate-all" | "remove";

/** The tab's open dialog. */
export function ActivationDialog({
  name,
  chosen,
  devices,
  onGenerate,
  onAdded,
  onClose,
}: {
  readonly name: ActivationDialogName;
  readonly chosen: readonly Device[];
  readonly devices: readonly Device[];
  readonly onGenerate: (wanted: readonly Device[] | "all") => Promise<void>;
  /** Told of the devices that were added. */
  readonly onAdded: (macAddresses: ReadonlySet<string>) => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  switch (name) {
    case "add":
      return <AddDeviceDialog onClose={onClose} />;
    case "upload":
      return <UploadDialog onAdded={onAdded} onClose={onClose} />;
    case "generate-chosen":
    case "generate-all": {
      const wanted = name === "generate-all" ? devices : chosen;
      return (
        <ConfirmDialog
          title={t("provision.generate.title", { count: wanted.length })}
          confirmLabel={t("provision.generate.confirm")}
          onConfirm={() => onGenerate(name === "generate-all" ? "all" : chosen)}
          onClose={onClose}
        >
          {t("provision.generate.text")}{" "}
          {usableIn(wanted) > 0 && t("provision.generate.replaces", { count: usableIn(wanted) })}
        </ConfirmDialog>
      );
    }
    case "remove":
      return (
        <ConfirmDialog
          title={t("provision.remove.title", { count: chosen.length })}
          confirmLabel={t("provision.remove.confirm")}
          onConfirm={() => removeAll(chosen)}
          onClose={onClose}
        >
          {t("provision.remove.text")}
        </ConfirmDialog>
      );
  }
}

function usableIn(devices: readonly Device[]): number {
  const now = Date.now();
  return devices.filter((device) => codeStanding(device, now).kind === "usable").length;
}

/** One after the other: what was removed before one failed stays removed. */
async function removeAll(devices: readonly Device[]): Promise<void> {
  for (const { macAddress } of devices) {
    await call(`/devices/${encodeURIComponent(macAddress)}`, { method: "DELETE" });
    inventory.touch(macAddress);
  }
}
