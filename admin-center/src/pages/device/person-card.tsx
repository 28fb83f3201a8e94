import { Text } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import type { Device } from "../../api/types.ts";
import { Fact, Facts } from "../../parts/facts.tsx";
import { FactsCard } from "../../parts/facts-card.tsx";
import { TimeText } from "../../parts/time-text.tsx";

/** Who is signed in on a device. */
export function PersonCard({ device }: { readonly device: Device }) {
  const { t } = useTranslation();
  const { user, tenantName, offBoardsAt } = device;
  return (
    <FactsCard title={t("devicePage.person")}>
      {user === null && <Text>{t(`devicePage.nobody.${device.state}`)}</Text>}
      <Facts>
        {user !== null && (
          <>
            <Fact name={t("devicePage.name")}>{user.displayName}</Fact>
            <Fact name={t("devicePage.upn")}>{user.upn}</Fact>
            <Fact name={t("devicePage.number")}>{user.phoneNumber}</Fact>
          </>
        )}
        <Fact name={t("devicePage.tenant")}>{tenantName}</Fact>
        {offBoardsAt !== null && (
          <Fact name={t("devicePage.offBoards")}>
            <TimeText at={offBoardsAt} />
          </Fact>
        )}
      </Facts>
    </FactsCard>
  );
}
