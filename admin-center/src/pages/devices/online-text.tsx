import { makeStyles, tokens } from "@fluentui/react-components";
import { PlugConnectedRegular, PlugDisconnectedRegular } from "@fluentui/react-icons";
import { useTranslation } from "react-i18next";

const useStyles = makeStyles({
  text: { display: "inline-flex", alignItems: "center", gap: tokens.spacingHorizontalXS },
});

/** Whether a live registration stands, in a word. */
export function OnlineText({ online }: { readonly online: boolean }) {
  const { t } = useTranslation();
  const styles = useStyles();
  return (
    <span className={styles.text}>
      {online ? <PlugConnectedRegular aria-hidden /> : <PlugDisconnectedRegular aria-hidden />}
      {t(online ? "devices.online" : "devices.offline")}
    </span>
  );
}
