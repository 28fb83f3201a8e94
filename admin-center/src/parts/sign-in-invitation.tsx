import { Link, makeStyles, Text, tokens } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import type { StartedSignIn } from "../api/sign-in-types.ts";
import { CopyButton } from "./copy-button.tsx";
import { Countdown } from "./countdown.tsx";
import { QrCode } from "./qr-code.tsx";

const useStyles = makeStyles({
  invitation: {
    display: "flex",
    flexWrap: "wrap",
    gap: tokens.spacingHorizontalXL,
    justifyContent: "space-between",
    alignItems: "flex-start",
  },
  words: { flexGrow: 1, flexBasis: "240px", minWidth: 0 },
  lead: { margin: `0 0 ${tokens.spacingVerticalM}` },
  list: { margin: 0, display: "grid", gap: tokens.spacingVerticalS },
  term: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase200 },
  value: {
    margin: 0,
    display: "flex",
    alignItems: "center",
    flexWrap: "wrap",
    columnGap: tokens.spacingHorizontalXS,
  },
  picture: { display: "grid", justifyItems: "center", gap: tokens.spacingVerticalXS },
  link: { overflowWrap: "anywhere" },
  code: {
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeHero800,
    lineHeight: tokens.lineHeightHero800,
    fontWeight: tokens.fontWeightSemibold,
    userSelect: "all",
    whiteSpace: "nowrap",
  },
});

/** What the user needs to sign in: where, with which pairing code, and until when. */
export function SignInInvitation({
  started,
  untilMilliseconds,
}: {
  readonly started: StartedSignIn;
  /** By the browser's clock. */
  readonly untilMilliseconds: number;
}) {
  const { t } = useTranslation();
  const styles = useStyles();
  const { userCode, verificationUri, verificationUriComplete } = started;
  return (
    <div className={styles.invitation}>
      <div className={styles.words}>
        <p className={styles.lead}>{t("signIn.lead")}</p>
        <dl className={styles.list}>
          <div>
            <dt className={styles.term}>{t("signIn.address")}</dt>
            <dd className={styles.value}>
              <Link
                className={styles.link}
                href={verificationUri}
                target="_blank"
                rel="noopener noreferrer"
              >
                {verificationUri}
              </Link>
              <CopyButton text={verificationUri} label={t("signIn.copyAddress")} />
            </dd>
          </div>
          <div>
            <dt className={styles.term}>{t("signIn.code")}</dt>
            <dd className={styles.value}>
              <span className={styles.code}>{userCode}</span>
              <CopyButton text={userCode} label={t("signIn.copyCode")} />
            </dd>
          </div>
          <div>
            <dt className={styles.term}>{t("signIn.timeLeft")}</dt>
            <dd className={styles.value}>
              <Countdown untilMilliseconds={untilMilliseconds} />
            </dd>
          </div>
        </dl>
      </div>
      <div className={styles.picture}>
        <QrCode text={verificationUriComplete} title={t("signIn.qrCode")} />
        <Text size={200} className={styles.term}>
          {t("signIn.qrHint")}
        </Text>
      </div>
    </div>
  );
}
