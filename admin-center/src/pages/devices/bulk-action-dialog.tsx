import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  ProgressBar,
} from "@fluentui/react-components";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Device } from "../../api/types.ts";
import { type BulkActionId, bulkActions } from "./bulk-actions.ts";
import { BulkPlan } from "./bulk-plan.tsx";
import { BulkSummary } from "./bulk-summary.tsx";
import { useBulkRun } from "./use-bulk-run.ts";

/** Says what will be done to the devices that are ticked, does it, and says to which it was not done and why. */
export function BulkActionDialog({
  id,
  devices,
  onClose,
}: {
  readonly id: BulkActionId;
  /** As they were when the action was chosen. */
  readonly devices: readonly Device[];
  /** With those to which it was not done; nothing when it was called off. */
  readonly onClose: (failed?: ReadonlySet<string>) => void;
}) {
  const { t } = useTranslation();
  const meant = devices.filter(bulkActions[id].isFor);
  const run = useBulkRun(bulkActions[id], meant);
  const { phase, progress } = run;
  const closeButton = useRef<HTMLButtonElement>(null);
  // The button that began it is gone, and with it the focus would be.
  useEffect(() => {
    if (phase !== "planned") closeButton.current?.focus();
  }, [phase]);
  const close = () => {
    if (phase === "working") run.stop();
    else if (phase === "planned") onClose();
    else onClose(new Set(progress.failures.map(({ device }) => device.macAddress)));
  };
  const words = `devices.action.${id}`;
  return (
    <Dialog open modalType="alert" onOpenChange={(_, { open }) => !open && close()}>
      <DialogSurface>
        <DialogBody>
          <DialogTitle>
            {phase === "over" ? t(`${words}.name`) : t(`${words}.title`, { count: meant.length })}
          </DialogTitle>
          <DialogContent>
            {phase === "planned" && (
              <BulkPlan id={id} devices={meant} leftOut={devices.length - meant.length} />
            )}
            {phase === "working" && (
              <>
                <p role="status">
                  {t("devices.bulk.working", {
                    done: meant.length - progress.left,
                    count: meant.length,
                  })}
                </p>
                <ProgressBar
                  aria-label={t(`${words}.name`)}
                  value={meant.length - progress.left}
                  max={meant.length}
                />
              </>
            )}
            {phase === "over" && <BulkSummary id={id} progress={progress} />}
          </DialogContent>
          <DialogActions>
            <Button ref={closeButton} onClick={close}>
              {t(closeWords[phase])}
            </Button>
            {phase === "planned" && (
              <Button appearance="primary" onClick={run.begin}>
                {t(`${words}.confirm`)}
              </Button>
            )}
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

const closeWords = {
  planned: "action.cancel",
  working: "devices.bulk.stop",
  over: "action.close",
} as const;
