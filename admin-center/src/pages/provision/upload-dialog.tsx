import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Field,
  makeStyles,
  ProgressBar,
  tokens,
} from "@fluentui/react-components";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { ErrorNotice } from "../../parts/error-notice.tsx";
import { FileDrop } from "./file-drop.tsx";
import { previewRows, rejectedRows } from "./preview-rows.ts";
import { PreviewTable } from "./preview-table.tsx";
import { TemplateButton } from "./template-button.tsx";
import { type UploadStep, useUpload } from "./use-upload.ts";

const useStyles = makeStyles({
  surface: { maxWidth: "960px" },
  content: {
    display: "grid",
    gap: tokens.spacingVerticalM,
    gridTemplateColumns: "minmax(0, 1fr)",
    ":focus": { outlineStyle: "none" },
  },
  actions: { flexWrap: "wrap" },
});

/** Adds the devices of a CSV file: it is judged and shown before anything is saved. */
export function UploadDialog({
  onAdded,
  onClose,
}: {
  readonly onAdded: (macAddresses: ReadonlySet<string>) => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const styles = useStyles();
  const { step, judge, save, startAgain } = useUpload(onAdded);
  const isDone = step.kind === "done";
  const content = useRef<HTMLDivElement>(null);
  const shownKind = useRef(step.kind);
  // The button that was pressed has gone: whoever has no mouse goes on at the new step.
  useEffect(() => {
    if (shownKind.current !== step.kind) content.current?.focus();
    shownKind.current = step.kind;
  }, [step.kind]);
  return (
    <Dialog
      open
      // A click beside it does not take away what was judged.
      onOpenChange={(_, { open, type }) => !open && type !== "backdropClick" && onClose()}
    >
      <DialogSurface className={styles.surface}>
        <DialogBody>
          <DialogTitle>{t("provision.upload.title")}</DialogTitle>
          <DialogContent ref={content} tabIndex={-1} className={styles.content}>
            <Step step={step} onFile={(file) => void judge(file)} />
          </DialogContent>
          <DialogActions className={styles.actions} fluid>
            {step.kind === "judged" && (
              <Button onClick={startAgain}>{t("provision.upload.another")}</Button>
            )}
            <Button appearance={isDone ? "primary" : "secondary"} onClick={onClose}>
              {t(isDone ? "action.close" : "action.cancel")}
            </Button>
            {step.kind === "judged" && (
              <Button
                appearance="primary"
                disabled={step.preview.added === 0}
                onClick={() => void save(step.preview, step.fileName)}
              >
                {t("provision.upload.save", { count: step.preview.added })}
              </Button>
            )}
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}

function Step({
  step,
  onFile,
}: {
  readonly step: UploadStep;
  readonly onFile: (file: File) => void;
}) {
  const { t } = useTranslation();
  switch (step.kind) {
    case "choosing":
      return (
        <>
          {step.error !== undefined && <ErrorNotice error={step.error} />}
          <div>{t("provision.upload.text")}</div>
          <TemplateButton path="/devices/template.csv" fileName="Template_Provisioning.csv" />
          <FileDrop label={t("provision.upload.file")} onFile={onFile} />
        </>
      );
    case "judging":
      return (
        <Field validationMessage={t("provision.upload.judging")} validationState="none">
          <ProgressBar aria-label={t("provision.upload.judging")} />
        </Field>
      );
    case "judged": {
      const { fileName, preview, error } = step;
      return (
        <>
          {error !== undefined && <ErrorNotice error={error} />}
          <div role="status">
            <strong>{fileName}</strong>
            {": "}
            {t("provision.upload.toAdd", { count: preview.added })}{" "}
            {preview.unchanged > 0 && t("provision.upload.unchanged", { count: preview.unchanged })}{" "}
            {preview.rejected.length > 0 &&
              t("provision.upload.rejected", { count: preview.rejected.length })}
          </div>
          <PreviewTable label={t("provision.upload.preview")} rows={previewRows(preview)} />
        </>
      );
    }
    case "saving": {
      const { done, total } = step;
      return (
        <Field
          validationMessage={t("provision.upload.saving", { done, count: total })}
          validationState="none"
        >
          <ProgressBar
            aria-label={t("provision.upload.title")}
            value={done}
            max={Math.max(total, 1)}
          />
        </Field>
      );
    }
    case "done": {
      const { added, rejected } = step;
      return (
        <>
          <div role="status">
            {t("provision.upload.done", { count: added })}{" "}
            {rejected.length > 0 && t("provision.upload.leftOut", { count: rejected.length })}
          </div>
          {rejected.length > 0 && (
            <PreviewTable label={t("provision.upload.faults")} rows={rejectedRows(rejected)} />
          )}
        </>
      );
    }
  }
}
