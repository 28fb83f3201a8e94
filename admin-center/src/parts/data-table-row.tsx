import { Checkbox, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { memo } from "react";
import type { Column } from "./data-table.tsx";

/** Height of every row, in pixels: where a row lies is worked out, not measured. */
export const rowHeightPixels = 44;

/** How rows and cells of a table look, its header's too. */
export const useRowStyles = makeStyles({
  row: { display: "grid", alignItems: "center" },
  bodyRow: {
    position: "absolute",
    boxSizing: "border-box",
    insetInline: 0,
    height: `${rowHeightPixels}px`,
    borderBottom: `1px solid ${tokens.colorNeutralStroke3}`,
    ":hover": { backgroundColor: tokens.colorNeutralBackground3 },
  },
  // Backgrounds that are black in high contrast, where those named Selected and Hover swallow links.
  selected: {
    backgroundColor: tokens.colorNeutralBackground4,
    boxShadow: `inset 3px 0 0 ${tokens.colorCompoundBrandStroke}`,
    ":hover": { backgroundColor: tokens.colorNeutralBackground5 },
  },
  cell: {
    padding: `0 ${tokens.spacingHorizontalS}`,
    overflow: "hidden",
    textOverflow: "ellipsis",
    whiteSpace: "nowrap",
  },
});

function BodyRowOnce<Row>({
  rowKey,
  name,
  columns,
  row,
  index,
  start,
  template,
  isSelected,
  onToggle,
}: {
  readonly rowKey: string;
  readonly name: string;
  readonly columns: readonly Column<Row>[];
  readonly row: Row;
  readonly index: number;
  readonly start: number;
  readonly template: string;
  readonly isSelected: boolean;
  /** Absent where rows cannot be ticked. */
  readonly onToggle?: (key: string) => void;
}) {
  const styles = useRowStyles();
  return (
    // biome-ignore-start lint/a11y/useSemanticElements lint/a11y/useFocusableInteractive: a table of divisions, see above
    <div
      role="row"
      aria-rowindex={index + 2}
      className={mergeClasses(styles.row, styles.bodyRow, isSelected && styles.selected)}
      style={{ gridTemplateColumns: template, transform: `translateY(${start}px)` }}
    >
      {onToggle !== undefined && (
        <div role="cell">
          <Checkbox aria-label={name} checked={isSelected} onChange={() => onToggle(rowKey)} />
        </div>
      )}
      {columns.map((column) => (
        <div key={column.id} role="cell" className={styles.cell}>
          {column.render(row)}
        </div>
      ))}
    </div>
    // biome-ignore-end lint/a11y/useSemanticElements lint/a11y/useFocusableInteractive: a table of divisions, see above
  );
}

/** Drawn anew only when something of it is another: of 20,000 rows 200 may change each second. */
export const BodyRow = memo(BodyRowOnce) as typeof BodyRowOnce;
