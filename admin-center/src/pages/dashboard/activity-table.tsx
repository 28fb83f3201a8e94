import {
  makeStyles,
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
} from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import type { ActivityPoint } from "../../api/dashboard-types.ts";
import type { SeriesName } from "./activity-series.ts";

const useStyles = makeStyles({ frame: { height: "260px", overflow: "auto" } });

/** What a chart shows, as a table, the latest first. */
export function ActivityTable({
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
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard (WCAG 2.1.1)
    <section className={styles.frame} aria-label={t("dashboard.tableOf", { title })} tabIndex={0}>
      <Table size="small" aria-label={t("dashboard.tableOf", { title })}>
        <TableHeader>
          <TableRow>
            <TableHeaderCell>{t("dashboard.until")}</TableHeaderCell>
            {series.map((name) => (
              <TableHeaderCell key={name}>{t(`dashboard.series.${name}`)}</TableHeaderCell>
            ))}
          </TableRow>
        </TableHeader>
        <TableBody>
          {points.toReversed().map((point) => (
            <TableRow key={point.at}>
              <TableCell>{time.format(new Date(point.at))}</TableCell>
              {series.map((name) => (
                <TableCell key={name}>
                  {point[name]?.toLocaleString(i18n.language) ?? "–"}
                </TableCell>
              ))}
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </section>
  );
}
