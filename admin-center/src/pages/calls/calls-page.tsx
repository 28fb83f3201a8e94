import {
  Button,
  makeStyles,
  SearchBox,
  Text,
  ToggleButton,
  tokens,
} from "@fluentui/react-components";
import { ArrowDownloadRegular } from "@fluentui/react-icons";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "../../api/call.ts";
import type { CallRecord } from "../../api/call-types.ts";
import type { Page } from "../../api/types.ts";
import { useResource } from "../../live/use-resource.ts";
import { DataTable } from "../../parts/data-table.tsx";
import { downloadCsv } from "../../parts/download-csv.ts";
import { ErrorNotice } from "../../parts/error-notice.tsx";
import { PageFrame } from "../../parts/page-frame.tsx";
import { type SortOrder, sortRows } from "../../parts/sort-rows.ts";
import { callColumns, callCsvExtras, kindText, standingText } from "./call-columns.tsx";
import { type CallFilter, callFilters, passesCallFilter } from "./call-standing.ts";

/** The most that the gateway tells at once; it remembers 200 that have ended. */
const mostCalls = 1000;
/** Events can be lost. */
const askEveryMilliseconds = 30_000;

const useStyles = makeStyles({
  tools: {
    display: "flex",
    flexWrap: "wrap",
    alignItems: "center",
    gap: tokens.spacingHorizontalM,
  },
  filters: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS },
  search: { flexGrow: 1, maxWidth: "360px" },
});

const keyOf = (one: CallRecord) => `${one.callId} ${one.startedAt}`;

/** Calls: in progress and recent, live. */
export default function CallsPage() {
  const { t, i18n } = useTranslation();
  const styles = useStyles();
  const path = `/calls?limit=${mostCalls}`;
  const { data, error, isLoading, reload } = useResource(
    path,
    (signal) => call<Page<CallRecord>>(path, { signal }),
    { concerns: ({ type }) => type === "call", everyMilliseconds: askEveryMilliseconds },
  );
  const [filter, setFilter] = useState<CallFilter>("all");
  const [typed, setTyped] = useState("");
  const [order, setOrder] = useState<SortOrder>({ column: "startedAt", descending: true });
  const columns = useMemo(() => callColumns(t), [t]);
  const calls = data?.items ?? noCalls;
  const shown = useMemo(() => {
    const wanted = typed.trim().toLowerCase();
    return calls.filter((one) => {
      if (!passesCallFilter(one, filter)) return false;
      const { from, to, answeredBy } = one;
      const texts = [from, to, answeredBy ?? "", kindText(t, one), standingText(t, one)];
      return texts.some((text) => text.toLowerCase().includes(wanted));
    });
  }, [calls, filter, typed, t]);

  function exportShown(): void {
    const csvColumns = [...columns, ...callCsvExtras(t)].map(({ label, csvValue }) => ({
      header: label,
      value: csvValue,
    }));
    const day = new Date().toISOString().slice(0, 10);
    downloadCsv(`${t("calls.fileName")}-${day}.csv`, csvColumns, sortRows(shown, columns, order));
  }

  return (
    <PageFrame
      title={t("calls.title")}
      lead={t("calls.lead")}
      actions={
        <Button icon={<ArrowDownloadRegular />} disabled={shown.length === 0} onClick={exportShown}>
          {t("calls.export")}
        </Button>
      }
    >
      {error !== undefined && <ErrorNotice error={error} onRetry={reload} />}
      <div className={styles.tools}>
        {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form's fields */}
        <div className={styles.filters} role="group" aria-label={t("calls.filter.label")}>
          {callFilters.map((one) => (
            <ToggleButton
              key={one}
              size="small"
              checked={one === filter}
              onClick={() => setFilter(one)}
            >
              {t(`calls.filter.${one}`)}{" "}
              {calls
                .filter((each) => passesCallFilter(each, one))
                .length.toLocaleString(i18n.language)}
            </ToggleButton>
          ))}
        </div>
        <SearchBox
          className={styles.search}
          aria-label={t("calls.search")}
          placeholder={t("calls.search")}
          value={typed}
          onChange={(_, { value }) => setTyped(value)}
        />
        <Text>{t("calls.shown", { shown: shown.length, count: calls.length })}</Text>
      </div>
      <DataTable
        label={t("calls.title")}
        columns={columns}
        rows={shown}
        keyOf={keyOf}
        nameOf={keyOf}
        order={order}
        onOrder={setOrder}
        empty={emptyText()}
      />
    </PageFrame>
  );

  function emptyText(): string {
    if (data === undefined && isLoading) return t("table.loading");
    return t(calls.length === 0 ? "calls.none" : "calls.noneFound");
  }
}

const noCalls: readonly CallRecord[] = [];
