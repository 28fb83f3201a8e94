import { makeStyles, Radio, RadioGroup, Text, tokens } from "@fluentui/react-components";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "../../api/call.ts";
import type { Statistics } from "../../api/dashboard-types.ts";
import { useResource } from "../../live/use-resource.ts";
import { ErrorNotice } from "../../parts/error-notice.tsx";
import { ActivityCard } from "./activity-card.tsx";
import { activityCharts } from "./activity-series.ts";
import { refreshMilliseconds } from "./refresh-milliseconds.ts";

const windows = ["hour", "day"] as const;

const useStyles = makeStyles({
  section: { display: "grid", gap: tokens.spacingVerticalM },
  head: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: tokens.spacingHorizontalM },
  charts: {
    display: "grid",
    gridTemplateColumns: "repeat(auto-fit, minmax(min(100%, 420px), 1fr))",
    gap: tokens.spacingHorizontalM,
  },
});

/** What the node did in the last hour or day, in charts. */
export function ActivitySection() {
  const { t } = useTranslation();
  const styles = useStyles();
  const id = useId();
  const [window, setWindow] = useState<(typeof windows)[number]>("hour");
  const path = `/statistics?window=${window}`;
  const { data, error, reload } = useResource(
    path,
    (signal) => call<Statistics>(path, { signal }),
    { everyMilliseconds: refreshMilliseconds },
  );
  return (
    <section className={styles.section} aria-labelledby={id}>
      <div className={styles.head}>
        <Text as="h2" size={500} weight="semibold" id={id}>
          {t("dashboard.activity")}
        </Text>
        <RadioGroup
          layout="horizontal"
          aria-label={t("dashboard.window.label")}
          value={window}
          onChange={(_, { value }) => setWindow(value === "day" ? "day" : "hour")}
        >
          {windows.map((one) => (
            <Radio key={one} value={one} label={t(`dashboard.window.${one}`)} />
          ))}
        </RadioGroup>
        {data !== undefined && <Text>{t("dashboard.ofNode", { node: data.nodeId })}</Text>}
      </div>
      {error !== undefined && <ErrorNotice error={error} onRetry={reload} />}
      {data !== undefined && (
        <div className={styles.charts}>
          {activityCharts.map((chart) => (
            <ActivityCard key={chart.name} chart={chart} points={data.points} />
          ))}
        </div>
      )}
    </section>
  );
}
