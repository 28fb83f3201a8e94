import { makeStyles, tokens } from "@fluentui/react-components";
import {
  CheckmarkCircleRegular,
  ErrorCircleRegular,
  SubtractCircleRegular,
} from "@fluentui/react-icons";
import type { TFunction } from "i18next";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import type { SortOrder } from "../../parts/sort-rows.ts";
import type { PreviewRow } from "./preview-rows.ts";

const icons = {
  added: <CheckmarkCircleRegular aria-hidden="true" />,
  unchanged: <SubtractCircleRegular aria-hidden="true" />,
  rejected: <ErrorCircleRegular aria-hidden="true" />,
} as const;

const useStyles = makeStyles({
  frame: { display: "flex", flexDirection: "column", height: "min(320px, 40vh)" },
  outcome: { display: "inline-flex", alignItems: "center", gap: tokens.spacingHorizontalXS },
  rejected: { color: tokens.colorStatusDangerForeground1 },
});

/** The lines of a file, and what becomes of each. */
export function PreviewTable({
  label,
  rows,
}: {
  readonly label: string;
  readonly rows: readonly PreviewRow[];
}) {
  const { t } = useTranslation();
  const styles = useStyles();
  // In the order they come in until a header is pressed: faults first.
  const [order, setOrder] = useState<SortOrder>({ column: "", descending: false });
  const columns = useMemo(() => previewColumns(t), [t]);
  return (
    <div className={styles.frame}>
      <DataTable
        label={label}
        columns={columns}
        rows={rows}
        keyOf={({ line }) => String(line)}
        nameOf={({ line }) => String(line)}
        order={order}
        onOrder={setOrder}
        empty={t("provision.upload.noLines")}
      />
    </div>
  );
}

function previewColumns(t: TFunction): readonly Column<PreviewRow>[] {
  return [
    {
      id: "line",
      label: t("provision.upload.line"),
      width: "70px",
      render: ({ line }) => line,
      sortValue: ({ line }) => line,
    },
    {
      id: "macAddress",
      label: t("device.macAddress"),
      width: "160px",
      render: ({ macAddress }) => <span title={macAddress}>{macAddress}</span>,
      sortValue: ({ macAddress }) => macAddress,
    },
    {
      id: "outcome",
      label: t("provision.upload.outcome"),
      width: "minmax(530px, 2fr)",
      render: (row) => <Outcome row={row} />,
      sortValue: ({ outcome }) => outcome,
    },
    {
      id: "location",
      label: t("device.location"),
      width: "minmax(120px, 1fr)",
      render: ({ location }) => <span title={location}>{location}</span>,
      sortValue: ({ location }) => location,
    },
  ];
}

function Outcome({ row: { outcome, reason } }: { readonly row: PreviewRow }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const words = outcome === "rejected" ? reason : t(`provision.upload.outcomes.${outcome}`);
  return (
    <span
      title={words}
      className={`${styles.outcome} ${outcome === "rejected" ? styles.rejected : ""}`}
    >
      {icons[outcome]}
      {words}
    </span>
  );
}
