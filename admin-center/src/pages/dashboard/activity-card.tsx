import { makeStyles, Spinner, Text, ToggleButton, tokens } from "@fluentui/react-components";
import { TableRegular } from "@fluentui/react-icons";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ActivityPoint } from "../../api/dashboard-types.ts";
import { FactsCard } from "../../parts/facts-card.tsx";
import { type ActivityChart, summarizeSeries } from "./activity-series.ts";
import { ActivityTable } from "./activity-table.tsx";

// Charts are the largest part of the page, and the least urgent.
const LineChart = lazy(() => import("./line-chart.tsx"));

const useStyles = makeStyles({
  summary: {
    margin: 0,
    paddingInlineStart: tokens.spacingHorizontalL,
    color: tokens.colorNeutralForeground2,
  },
});

/** A chart, what it says in words, and on demand the same as a table. */
export function ActivityCard({
  chart: { name, series },
  points,
}: {
  readonly chart: ActivityChart;
  readonly points: readonly ActivityPoint[];
}) {
  const { t } = useTranslation();
  const styles = useStyles();
  const [isTable, setTable] = useState(false);
  const title = t(`dashboard.chart.${name}`);
  const Shown = isTable ? ActivityTable : LineChart;
  return (
    <FactsCard
      title={title}
      action={
        points.length > 0 && (
          <ToggleButton
            size="small"
            appearance="subtle"
            icon={<TableRegular />}
            checked={isTable}
            aria-label={t("dashboard.asTable", { title })}
            onClick={() => setTable(!isTable)}
          >
            {t("dashboard.table")}
          </ToggleButton>
        )
      }
    >
      {points.length === 0 ? (
        <Text>{t("dashboard.noPoints")}</Text>
      ) : (
        <>
          <ul className={styles.summary}>
            {series.map((one) => (
              <li key={one}>
                <SeriesText name={one} points={points} />
              </li>
            ))}
          </ul>
          <Suspense fallback={<Spinner label={t("table.loading")} />}>
            <Shown title={title} series={series} points={points} />
          </Suspense>
        </>
      )}
    </FactsCard>
  );
}

function SeriesText({
  name,
  points,
}: {
  readonly name: ActivityChart["series"][number];
  readonly points: readonly ActivityPoint[];
}) {
  const { t, i18n } = useTranslation();
  const summary = summarizeSeries(points, name);
  const series = t(`dashboard.series.${name}`);
  if (summary === undefined) return t("dashboard.notTold", { series });
  const { latest, highest, highestAt } = summary;
  if (highest === 0) return t("dashboard.never", { series });
  const numberOf = (value: number | null) => value?.toLocaleString(i18n.language) ?? "–";
  const time = new Intl.DateTimeFormat(i18n.language, { timeStyle: "short" });
  return t("dashboard.summary", {
    series,
    latest: numberOf(latest),
    highest: numberOf(highest),
    at: time.format(new Date(highestAt)),
  });
}
