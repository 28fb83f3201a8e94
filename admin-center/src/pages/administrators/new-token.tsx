import {
  MessageBar,
  MessageBarBody,
  MessageBarTitle,
  makeStyles,
  tokens,
} from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import type { AddedAdministrator } from "../../api/administrator-types.ts";
import { CopyButton } from "../../parts/copy-button.tsx";

const useStyles = makeStyles({
  token: { fontFamily: tokens.fontFamilyMonospace, overflowWrap: "anywhere", userSelect: "all" },
  line: {
    display: "flex",
    flexWrap: "wrap",
    alignItems: "center",
    gap: tokens.spacingHorizontalS,
  },
});

/** A new administrator's token, to be copied now: nobody can look it up later. */
export function NewToken({ administrator }: { readonly administrator: AddedAdministrator }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const { name, token } = administrator;
  return (
    <>
      <MessageBar intent="warning" layout="multiline">
        <MessageBarBody>
          <MessageBarTitle>{t("administrators.added", { name })}</MessageBarTitle>{" "}
          {t("administrators.tokenOnce")}
        </MessageBarBody>
      </MessageBar>
      <div className={styles.line}>
        <code className={styles.token}>{token}</code>
        <CopyButton text={token} label={t("administrators.copyToken")} />
      </div>
    </>
  );
}
