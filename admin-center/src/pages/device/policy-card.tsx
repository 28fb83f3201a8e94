import { Badge, Text } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import type { Device } from "../../api/types.ts";
import { Fact, Facts } from "../../parts/facts.tsx";
import { FactsCard } from "../../parts/facts-card.tsx";
import { TimeText } from "../../parts/time-text.tsx";

/** The calling policy that a device's phone is assigned, and whether it has it. */
export function PolicyCard({ policy }: { readonly policy: Device["policy"] }) {
  const { t } = useTranslation();
  if (policy === null) {
    return (
      <FactsCard title={t("devicePage.policy")}>
        <Text>{t("devicePage.noPolicy")}</Text>
      </FactsCard>
    );
  }
  const { name, assignedVersion, appliedVersion, pendingSince, lastSyncedAt } = policy;
  return (
    <FactsCard
      title={t("devicePage.policy")}
      action={
        <Badge appearance="tint" color={pendingSince === null ? "success" : "warning"}>
          {t(pendingSince === null ? "devicePage.applied" : "devicePage.pending")}
        </Badge>
      }
    >
      <Facts>
        <Fact name={t("devicePage.policyName")}>{name}</Fact>
        <Fact name={t("devicePage.assigned")}>{assignedVersion}</Fact>
        <Fact name={t("devicePage.appliedVersion")}>{appliedVersion}</Fact>
        {pendingSince !== null && (
          <Fact name={t("devicePage.pendingSince")}>
            <TimeText at={pendingSince} />
          </Fact>
        )}
        <Fact name={t("devicePage.lastSynced")}>
          <TimeText at={lastSyncedAt} />
        </Fact>
      </Facts>
    </FactsCard>
  );
}
