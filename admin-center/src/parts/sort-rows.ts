/** By which column rows are sorted, and which way. */
export interface SortOrder {
  readonly column: string;
  readonly descending: boolean;
}

/** What sorting needs of a column. */
export interface SortableColumn<Row> {
  readonly id: string;
  readonly sortValue?: (row: Row) => string | number;
}

// One collator for all: making one costs more than a thousand comparisons with it.
const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

/** Rows in order; those that compare equal stay as they were. Each row's value is worked out once. */
export function sortRows<Row>(
  rows: readonly Row[],
  columns: readonly SortableColumn<Row>[],
  { column, descending }: SortOrder,
): readonly Row[] {
  const valueIn = columns.find(({ id }) => id === column)?.sortValue;
  if (valueIn === undefined) return rows;
  const direction = descending ? -1 : 1;
  return rows
    .map((row) => ({ row, value: valueIn(row) }))
    .sort((one, other) => direction * compare(one.value, other.value))
    .map(({ row }) => row);
}

function compare(one: string | number, other: string | number): number {
  if (typeof one === "number" && typeof other === "number") return one - other;
  return collator.compare(String(one), String(other));
}
