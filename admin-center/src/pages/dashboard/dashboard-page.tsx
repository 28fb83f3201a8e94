import { makeStyles, Spinner, tokens } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import { call } from "../../api/call.ts";
import type { Health } from "../../api/dashboard-types.ts";
import { useResource } from "../../live/use-resource.ts";
import { ErrorNotice } from "../../parts/error-notice.tsx";
import { PageFrame } from "../../parts/page-frame.tsx";
import { ActivitySection } from "./activity-section.tsx";
import { HealthCard } from "./health-card.tsx";
import { Tiles } from "./tiles.tsx";

/** Health is told by no event. */
const healthMilliseconds = 15_000;

const useStyles = makeStyles({ content: { display: "grid", gap: tokens.spacingVerticalL } });

/** Dashboard: what there is now, what the gateway did, and its health, which comes first where it is bad. */
export default function DashboardPage() {
  const { t } = useTranslation();
  const styles = useStyles();
  const { data, error, reload } = useResource(
    "/health",
    (signal) => call<Health>("/health", { signal }),
    { everyMilliseconds: healthMilliseconds },
  );
  return (
    <PageFrame title={t("dashboard.title")} lead={t("dashboard.lead")}>
      <div className={styles.content}>
        {error !== undefined && <ErrorNotice error={error} onRetry={reload} />}
        <Tiles policyRefresh={data?.policyRefresh ?? null} />
        {data?.ready === false && <HealthCard health={data} />}
        {data === undefined && error === undefined && <Spinner label={t("table.loading")} />}
        <ActivitySection />
        {data?.ready === true && <HealthCard health={data} />}
      </div>
    </PageFrame>
  );
}
