import { makeStyles, tokens } from "@fluentui/react-components";
import { WarningRegular } from "@fluentui/react-icons";
import { useTranslation } from "react-i18next";
import type { Device } from "../../api/types.ts";

const useStyles = makeStyles({
  text: {
    display: "flex",
    alignItems: "center",
    gap: tokens.spacingHorizontalXS,
    "& svg": { flexShrink: 0, color: tokens.colorStatusWarningForeground1 },
  },
  // Two lines of it, which fit a row, since it says what to do as well.
  gravest: {
    display: "-webkit-box",
    WebkitLineClamp: 2,
    WebkitBoxOrient: "vertical",
    overflow: "hidden",
    whiteSpace: "normal",
    fontSize: tokens.fontSizeBase200,
    lineHeight: tokens.lineHeightBase200,
  },
  more: { flexShrink: 0, color: tokens.colorNeutralForeground2 },
});

/** What is wrong with a device: the gravest in its words, all of it on hover. Nothing where nothing is. */
export function AttentionText({ attention }: { readonly attention: Device["attention"] }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const [gravest] = attention;
  if (gravest === undefined) return null;
  return (
    <span className={styles.text} title={attention.map(({ text }) => text).join("\n")}>
      <WarningRegular aria-label={t("devices.column.attention")} />
      <span className={styles.gravest}>{gravest.text}</span>
      {attention.length > 1 && (
        <span className={styles.more}>{t("devices.more", { count: attention.length - 1 })}</span>
      )}
    </span>
  );
}
