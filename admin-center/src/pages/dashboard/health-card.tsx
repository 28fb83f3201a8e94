import { Badge, makeStyles, tokens } from "@fluentui/react-components";
import { CheckmarkCircleRegular, DismissCircleRegular } from "@fluentui/react-icons";
import { useTranslation } from "react-i18next";
import type { Health } from "../../api/dashboard-types.ts";
import { Fact, Facts } from "../../parts/facts.tsx";
import { FactsCard } from "../../parts/facts-card.tsx";
import { formatDuration } from "../../parts/format-duration.ts";
import { isKnownCheck } from "./known-checks.ts";

const useStyles = makeStyles({
  checks: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS },
});

/** How the node is: storage, SIP listeners, version, and time since its start. */
export function HealthCard({ health }: { readonly health: Health }) {
  const { t, i18n } = useTranslation();
  const styles = useStyles();
  return (
    <FactsCard
      title={t("dashboard.health")}
      action={
        <Badge appearance="tint" color={health.ready ? "success" : "danger"}>
          {t(health.ready ? "dashboard.ready" : "dashboard.notReady")}
        </Badge>
      }
    >
      <div className={styles.checks}>
        {health.checks.map(({ name, ok }) => (
          <Badge
            key={name}
            appearance="tint"
            color={ok ? "success" : "danger"}
            icon={ok ? <CheckmarkCircleRegular /> : <DismissCircleRegular />}
          >
            {t(ok ? "dashboard.checkOk" : "dashboard.checkFailed", {
              name: isKnownCheck(name) ? t(`dashboard.check.${name}`) : name,
            })}
          </Badge>
        ))}
      </div>
      <Facts>
        <Fact name={t("dashboard.storage")}>
          {t(`dashboard.storageKind.${health.storage.kind}`)}
        </Fact>
        <Fact name={t("dashboard.listeners")}>
          {health.sip.length === 0
            ? t("dashboard.noListeners")
            : health.sip.map((one) => (
                <div key={`${one.transport} ${one.port}`}>{listener(one)}</div>
              ))}
        </Fact>
        <Fact name={t("dashboard.node")}>{health.nodeId}</Fact>
        <Fact name={t("dashboard.version")}>{health.version}</Fact>
        <Fact name={t("dashboard.uptime")}>
          {formatDuration(health.uptimeSeconds, i18n.language)}
        </Fact>
      </Facts>
    </FactsCard>
  );
}

function listener({ transport, address, port }: Health["sip"][number]): string {
  return `${transport} ${address.includes(":") ? `[${address}]` : address}:${port}`;
}
