import { makeStyles, Text, tokens } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import type { Device } from "../../api/types.ts";
import { CopyButton } from "../../parts/copy-button.tsx";
import { Countdown } from "../../parts/countdown.tsx";
import { Fact, Facts } from "../../parts/facts.tsx";
import { FactsCard } from "../../parts/facts-card.tsx";

const useStyles = makeStyles({
  code: {
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase500,
    fontWeight: tokens.fontWeightSemibold,
    userSelect: "all",
  },
});

/** What is to be dialled on a phone that waits on activation. */
export function ActivationCard({ device }: { readonly device: Device }) {
  const { t } = useTranslation();
  const styles = useStyles();
  if (device.state !== "waiting-on-activation") return null;
  const { verificationCode } = device;
  return (
    <FactsCard title={t("devicePage.activation")}>
      {verificationCode === null ? (
        <Text>{t("devicePage.noCode")}</Text>
      ) : (
        <Facts>
          <Fact name={t("devicePage.toDial")}>
            <span className={styles.code}>{`*55*${verificationCode.code}`}</span>
            <CopyButton text={verificationCode.code} label={t("devicePage.copyCode")} />
          </Fact>
          <Fact name={t("devicePage.timeLeft")}>
            <Countdown untilMilliseconds={Date.parse(verificationCode.expiresAt)} />
          </Fact>
        </Facts>
      )}
    </FactsCard>
  );
}
