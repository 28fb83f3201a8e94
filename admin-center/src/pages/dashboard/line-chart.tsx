import { LineChart as FluentLineChart, ResponsiveContainer } from "@fluentui/react-charts";
import { makeStyles, tokens } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import type { ActivityPoint } from "../../api/dashboard-types.ts";
import type { SeriesName } from "./activity-series.ts";

const useStyles = makeStyles({
  frame: { width: "100%", height: "260px" },
  // As the words stand elsewhere on the page.
  legend: { textTransform: "none" },
});

/** The axis counts whole things, so its ticks are not to be fractions of one. */
const leastHighest = 4;

/** Lines differ by how they are drawn, too: not everybody tells colors apart. */
const looks = [
  { color: tokens.colorPaletteBlueBorderActive, lineOptions: { strokeWidth: 2 } },
  {
    color: tokens.colorPaletteGreenBorderActive,
    lineOptions: { strokeWidth: 2, strokeDasharray: "6 4" },
  },
  {
    color: tokens.colorPaletteDarkOrangeBorderActive,
    lineOptions: { strokeWidth: 2, strokeDasharray: "2 3" },
  },
  {
    color: tokens.colorPalettePurpleBorderActive,
    lineOptions: { strokeWidth: 2, strokeDasharray: "10 3 2 3" },
  },
] as const;

/** Numbers over time as lines. The same stand in words and in a table beside it. */
export default function LineChart({
  title,
  series,
  points,
}: {
  readonly title: string;
  readonly series: readonly SeriesName[];
  readonly points: readonly ActivityPoint[];
}) {
  const { t, i18n } = useTranslation();
  const styles = useStyles();
  const time = new Intl.DateTimeFormat(i18n.language, { timeStyle: "short" });
  const lineChartData = series.map((name, index) => ({
    ...looks[index % looks.length],
    legend: t(`dashboard.series.${name}`),
    data: points.flatMap((point) => {
      const y = point[name];
      return y === null ? [] : [{ x: new Date(point.at), y }];
    }),
  }));
  const values = lineChartData.flatMap(({ data }) => data.map(({ y }) => y));
  return (
    <div className={styles.frame}>
      <ResponsiveContainer>
        <FluentLineChart
          culture={i18n.language}
          data={{ chartTitle: title, lineChartData }}
          customDateTimeFormatter={(at) => time.format(at)}
          enabledLegendsWrapLines
          height={260}
          legendProps={{ styles: { text: styles.legend } }}
          margins={{ left: 44, right: 32, top: 12, bottom: 32 }}
          xAxisTickCount={4}
          yAxisTickCount={4}
          yMinValue={0}
          yMaxValue={Math.max(leastHighest, ...values)}
        />
      </ResponsiveContainer>
    </div>
  );
}
