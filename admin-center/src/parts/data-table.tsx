import { Button, Checkbox, makeStyles, tokens } from "@fluentui/react-components";
import { ArrowDownRegular, ArrowUpRegular } from "@fluentui/react-icons";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type ReactNode, useCallback, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import { BodyRow, rowHeightPixels, useRowStyles } from "./data-table-row.tsx";
import { type SortOrder, sortRows } from "./sort-rows.ts";

/** A column of a table. */
export interface Column<Row> {
  readonly id: string;
  readonly label: string;
  /** What is shown; text from the network only as React children, which escapes it. */
  readonly render: (row: Row) => ReactNode;
  /** What rows are sorted by; absent: the column cannot be sorted. */
  readonly sortValue?: (row: Row) => string | number;
  /** A CSS grid track that begins with its least width in pixels: `minmax(120px, 2fr)`. */
  readonly width: string;
}

/** Which rows are ticked, by key. */
export interface Selection {
  readonly keys: ReadonlySet<string>;
  readonly onChange: (keys: ReadonlySet<string>) => void;
}

const useStyles = makeStyles({
  frame: {
    flexGrow: 1,
    minHeight: "160px",
    overflow: "auto",
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground1,
  },
  header: {
    position: "sticky",
    top: 0,
    zIndex: 1,
    backgroundColor: tokens.colorNeutralBackground2,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  body: { position: "relative" },
  head: {
    justifyContent: "flex-start",
    minWidth: 0,
    padding: `${tokens.spacingVerticalXS} ${tokens.spacingHorizontalS}`,
    fontWeight: tokens.fontWeightSemibold,
    whiteSpace: "nowrap",
  },
  empty: {
    padding: tokens.spacingVerticalXXL,
    textAlign: "center",
    color: tokens.colorNeutralForeground2,
  },
});

/** A table of any number of rows, of which only those in sight are drawn; sorted by its headers, ticked by row. */
export function DataTable<Row>(properties: {
  /** Names the table for who cannot see it. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** Names a row's checkbox. */
  readonly nameOf: (row: Row) => string;
  readonly order: SortOrder;
  readonly onOrder: (order: SortOrder) => void;
  readonly selection?: Selection;
  /** Shown where there is no row. */
  readonly empty: ReactNode;
}) {
  const { label, columns, rows, keyOf, nameOf, order, selection, empty } = properties;
  const styles = useStyles();
  const frame = useRef<HTMLDivElement>(null);
  const sorted = useMemo(() => sortRows(rows, columns, order), [rows, columns, order]);
  const virtualizer = useVirtualizer({
    count: sorted.length,
    getScrollElement: () => frame.current,
    estimateSize: () => rowHeightPixels,
    overscan: 12,
  });
  const tracks = [
    ...(selection === undefined ? [] : ["44px"]),
    ...columns.map(({ width }) => width),
  ];
  const template = tracks.join(" ");
  const latestSelection = useRef(selection);
  latestSelection.current = selection;
  // The same function each time, so that a row is drawn anew only when it is another or ticked.
  const toggle = useCallback((key: string) => {
    const { current } = latestSelection;
    current?.onChange(toggled(current.keys, key));
  }, []);

  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard (WCAG 2.1.1)
    <section ref={frame} className={styles.frame} aria-label={label} tabIndex={0}>
      {/* biome-ignore lint/a11y/useSemanticElements: rows out of sight are not drawn, which a native table cannot be told */}
      <div
        role="table"
        aria-label={label}
        aria-rowcount={sorted.length + 1}
        style={{ minWidth: leastWidth(tracks) }}
      >
        <HeaderRow {...properties} rows={sorted} template={template} />
        {/* biome-ignore lint/a11y/useSemanticElements: as above */}
        <div role="rowgroup" className={styles.body} style={{ height: virtualizer.getTotalSize() }}>
          {virtualizer.getVirtualItems().map(({ index, start }) => {
            const row = sorted[index];
            if (row === undefined) return null;
            const key = keyOf(row);
            return (
              <BodyRow
                key={key}
                rowKey={key}
                name={nameOf(row)}
                columns={columns}
                row={row}
                index={index}
                start={start}
                template={template}
                isSelected={selection?.keys.has(key) === true}
                {...(selection === undefined ? {} : { onToggle: toggle })}
              />
            );
          })}
        </div>
      </div>
      {sorted.length === 0 && <div className={styles.empty}>{empty}</div>}
    </section>
  );
}

function HeaderRow<Row>({
  columns,
  rows,
  keyOf,
  order,
  onOrder,
  selection,
  template,
}: {
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  readonly order: SortOrder;
  readonly onOrder: (order: SortOrder) => void;
  readonly selection?: Selection;
  readonly template: string;
}) {
  const { t } = useTranslation();
  const styles = useStyles();
  const rowStyles = useRowStyles();
  return (
    // biome-ignore-start lint/a11y/useSemanticElements lint/a11y/useFocusableInteractive: a table of divisions, see above
    <div role="rowgroup" className={styles.header}>
      <div
        role="row"
        aria-rowindex={1}
        className={rowStyles.row}
        style={{ gridTemplateColumns: template }}
      >
        {selection !== undefined && (
          <div role="columnheader">
            <Checkbox
              aria-label={t("table.selectAll")}
              checked={checkedOf(selection, rows, keyOf)}
              onChange={(_, { checked }) =>
                selection.onChange(new Set(checked === true ? rows.map(keyOf) : []))
              }
            />
          </div>
        )}
        {columns.map((column) => (
          <div key={column.id} role="columnheader" aria-sort={ariaSort(column, order)}>
            <HeaderCell column={column} order={order} onOrder={onOrder} />
          </div>
        ))}
      </div>
    </div>
    // biome-ignore-end lint/a11y/useSemanticElements lint/a11y/useFocusableInteractive: a table of divisions, see above
  );
}

function HeaderCell<Row>({
  column,
  order,
  onOrder,
}: {
  readonly column: Column<Row>;
  readonly order: SortOrder;
  readonly onOrder: (order: SortOrder) => void;
}) {
  const styles = useStyles();
  const rowStyles = useRowStyles();
  const { id, label, sortValue } = column;
  if (sortValue === undefined) return <div className={rowStyles.cell}>{label}</div>;
  const isSorted = order.column === id;
  const icon = order.descending ? <ArrowDownRegular /> : <ArrowUpRegular />;
  return (
    <Button
      appearance="transparent"
      className={styles.head}
      iconPosition="after"
      icon={isSorted ? icon : null}
      onClick={() => onOrder({ column: id, descending: isSorted && !order.descending })}
    >
      {label}
    </Button>
  );
}

/**
 * Every row is a grid of its own. They have the same columns only when none is as wide as what it
 * holds, so that the width below which the table scrolls is worked out.
 */
function leastWidth(tracks: readonly string[]): number {
  return tracks.reduce((sum, track) => sum + Number(/\d+/.exec(track)?.[0] ?? 0), 0);
}

/** Rows that are ticked and not shown do not count. */
function checkedOf<Row>(
  { keys }: Selection,
  rows: readonly Row[],
  keyOf: (row: Row) => string,
): boolean | "mixed" {
  if (keys.size === 0 || rows.length === 0) return false;
  if (rows.every((row) => keys.has(keyOf(row)))) return true;
  return rows.some((row) => keys.has(keyOf(row))) ? "mixed" : false;
}

function toggled(keys: ReadonlySet<string>, key: string): ReadonlySet<string> {
  const after = new Set(keys);
  if (!after.delete(key)) after.add(key);
  return after;
}

function ariaSort<Row>({ id, sortValue }: Column<Row>, order: SortOrder) {
  if (sortValue === undefined) return undefined;
  if (order.column !== id) return "none";
  return order.descending ? "descending" : "ascending";
}
