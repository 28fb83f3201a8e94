import { Button, makeStyles, Text, tokens } from "@fluentui/react-components";
import { CheckmarkRegular, CopyRegular } from "@fluentui/react-icons";
import { useState } from "react";
import { useTranslation } from "react-i18next";

const useStyles = makeStyles({
  place: { display: "inline-flex", alignItems: "center", gap: tokens.spacingHorizontalXS },
});

/** Copies a text, and says aloud and on the page whether it did. */
export function CopyButton({
  text,
  label,
}: {
  readonly text: string;
  /** What it copies: "Copy the pairing code". */
  readonly label: string;
}) {
  const { t } = useTranslation();
  const styles = useStyles();
  const [outcome, setOutcome] = useState<"copied" | "failed">();

  async function copy(): Promise<void> {
    // Browsers give a clipboard to pages over HTTPS and on the same machine only.
    const hasClipboard = navigator.clipboard !== undefined;
    const written = hasClipboard && (await navigator.clipboard.writeText(text).then(yes, no));
    setOutcome(written ? "copied" : "failed");
  }

  return (
    <span className={styles.place}>
      <Button
        appearance="subtle"
        size="small"
        icon={outcome === "copied" ? <CheckmarkRegular /> : <CopyRegular />}
        aria-label={label}
        title={label}
        onClick={() => void copy()}
      />
      <Text role="status" size={200}>
        {outcome !== undefined && t(`copy.${outcome}`)}
      </Text>
    </span>
  );
}

const yes = () => true;
const no = () => false;
