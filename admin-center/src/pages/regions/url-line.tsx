import { makeStyles, tokens } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import { CopyButton } from "../../parts/copy-button.tsx";

const useStyles = makeStyles({
  name: { color: tokens.colorNeutralForeground2 },
  line: { display: "flex", flexWrap: "wrap", alignItems: "center" },
  url: { fontFamily: tokens.fontFamilyMonospace, overflowWrap: "anywhere", userSelect: "all" },
});

/** A URL to be entered into phones, with a button that copies it. */
export function UrlLine({
  name,
  of,
  url,
}: {
  readonly name: string;
  /** Whose it is, for who hears of the button alone. */
  readonly of: string;
  readonly url: string;
}) {
  const { t } = useTranslation();
  const styles = useStyles();
  return (
    <div>
      <div className={styles.name}>{name}</div>
      <div className={styles.line}>
        <code className={styles.url}>{url}</code>
        {/* Anew for another URL: that one has not been copied. */}
        <CopyButton key={url} text={url} label={t("regions.copy", { name, vendor: of })} />
      </div>
    </div>
  );
}
