import { makeStyles, SearchBox, Text, tokens } from "@fluentui/react-components";
import type { TFunction } from "i18next";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "../../api/call.ts";
import type { CompatibleModel } from "../../api/guide-types.ts";
import { useResource } from "../../live/use-resource.ts";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { ErrorNotice } from "../../parts/error-notice.tsx";
import { FactsCard } from "../../parts/facts-card.tsx";
import type { SortOrder } from "../../parts/sort-rows.ts";
import { findModels } from "./find-models.ts";

const path = "/compatible-devices";
const noModels: readonly CompatibleModel[] = [];
const keyOf = ({ vendor, model }: CompatibleModel) => `${vendor} ${model}`;

const useStyles = makeStyles({
  tools: {
    display: "flex",
    flexWrap: "wrap",
    alignItems: "center",
    gap: tokens.spacingHorizontalM,
  },
  search: { flexGrow: 1, maxWidth: "360px" },
  table: { display: "flex", flexDirection: "column", height: "420px" },
});

/** The compatible models with their firmware, to be searched. */
export function ModelsCard() {
  const { t } = useTranslation();
  const styles = useStyles();
  const [typed, setTyped] = useState("");
  // As the gateway lists them, served vendors first, until a header is pressed.
  const [order, setOrder] = useState<SortOrder>({ column: "", descending: false });
  const { data, error, reload } = useResource(path, (signal) =>
    call<{ readonly items: readonly CompatibleModel[] }>(path, { signal }),
  );
  const models = data?.items ?? noModels;
  const columns = useMemo(() => modelColumns(t), [t]);
  const shown = useMemo(() => findModels(models, typed), [models, typed]);
  return (
    <FactsCard title={t("regions.models")}>
      {error !== undefined && <ErrorNotice error={error} onRetry={reload} />}
      <div className={styles.tools}>
        <SearchBox
          className={styles.search}
          aria-label={t("regions.search")}
          placeholder={t("regions.search")}
          value={typed}
          onChange={(_, { value }) => setTyped(value)}
        />
        <Text role="status">
          {t("regions.shown", { shown: shown.length, count: models.length })}
        </Text>
      </div>
      <div className={styles.table}>
        <DataTable
          label={t("regions.modelTable")}
          columns={columns}
          rows={shown}
          keyOf={keyOf}
          nameOf={keyOf}
          order={order}
          onOrder={setOrder}
          empty={t(data === undefined ? "table.loading" : "regions.noModel")}
        />
      </div>
    </FactsCard>
  );
}

function modelColumns(t: TFunction): readonly Column<CompatibleModel>[] {
  const column = (
    id: "vendor" | "model" | "leastFirmware" | "approvedFirmware" | "served",
    width: string,
    textOf: (model: CompatibleModel) => string,
  ): Column<CompatibleModel> => ({
    id,
    label: t(`regions.column.${id}`),
    width,
    render: (model) => <span title={textOf(model)}>{textOf(model)}</span>,
    sortValue: textOf,
  });
  return [
    column("vendor", "minmax(130px, 1fr)", ({ vendor }) => vendor),
    column("model", "minmax(130px, 1fr)", ({ model }) => model),
    column(
      "leastFirmware",
      "minmax(150px, 1fr)",
      ({ leastFirmware }) => leastFirmware ?? t("regions.anyFirmware"),
    ),
    column("approvedFirmware", "minmax(170px, 1fr)", ({ approvedFirmware }) => approvedFirmware),
    column("served", "minmax(150px, 1fr)", ({ served }) =>
      t(served ? "regions.served" : "regions.notServed"),
    ),
  ];
}
