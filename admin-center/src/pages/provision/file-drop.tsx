import { Button, makeStyles, mergeClasses, Text, tokens } from "@fluentui/react-components";
import { ArrowUploadRegular } from "@fluentui/react-icons";
import { type DragEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";

const useStyles = makeStyles({
  zone: {
    display: "grid",
    justifyItems: "center",
    gap: tokens.spacingVerticalS,
    padding: tokens.spacingVerticalXXL,
    textAlign: "center",
    border: `2px dashed ${tokens.colorNeutralStrokeAccessible}`,
    borderRadius: tokens.borderRadiusMedium,
  },
  over: {
    backgroundColor: tokens.colorBrandBackground2,
    color: tokens.colorBrandForeground2,
    border: `2px dashed ${tokens.colorBrandStroke1}`,
  },
  chooser: { display: "none" },
});

/** Where a CSV file is dropped, or chosen. */
export function FileDrop({
  label,
  onFile,
}: {
  /** Names the file: `CSV file with devices`. */
  readonly label: string;
  readonly onFile: (file: File) => void;
}) {
  const { t } = useTranslation();
  const styles = useStyles();
  const [isOver, setOver] = useState(false);
  const chooser = useRef<HTMLInputElement>(null);

  function drop(event: DragEvent): void {
    event.preventDefault();
    setOver(false);
    const [file] = event.dataTransfer.files;
    if (file !== undefined) onFile(file);
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is for who has a mouse; the button does the same
    <div
      className={mergeClasses(styles.zone, isOver && styles.over)}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      <Text>{t("provision.file.drop")}</Text>
      <Button icon={<ArrowUploadRegular />} onClick={() => chooser.current?.click()}>
        {t("provision.file.choose")}
      </Button>
      <input
        ref={chooser}
        className={styles.chooser}
        type="file"
        accept=".csv,text/csv"
        aria-label={label}
        tabIndex={-1}
        onChange={({ target }) => {
          const [file] = target.files ?? [];
          // The same file can be chosen again after it was mended.
          target.value = "";
          if (file !== undefined) onFile(file);
        }}
      />
    </div>
  );
}
