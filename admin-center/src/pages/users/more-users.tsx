import { Button, makeStyles, Text, tokens } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";

const useStyles = makeStyles({
  more: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: tokens.spacingHorizontalM },
});

/** Says that there are more users than are shown, and brings them. */
export function MoreUsers({
  count,
  onMore,
}: {
  readonly count: number;
  readonly onMore: () => void;
}) {
  const { t } = useTranslation();
  const styles = useStyles();
  return (
    <div className={styles.more}>
      <Text>{t("users.partial", { count })}</Text>
      <Button onClick={onMore}>{t("users.more")}</Button>
    </div>
  );
}
