import type { SortOrder } from "../../parts/sort-rows.ts";

/** How an administrator has set the inventory up: remembered by the browser. */
export interface DevicesView {
  /** Ids of the columns that are shown. */
  readonly columns: readonly string[];
  readonly order: SortOrder;
}

/** How it is before anybody has set it up. */
export const usualView: DevicesView = {
  columns: ["macAddress", "location", "state", "online", "attention", "user", "model"],
  order: { column: "macAddress", descending: false },
};

/** The column that names a row and cannot be left out. */
export const namingColumn = "macAddress";

/**
 * Reads what was remembered; what cannot be read, or names columns that are no more, is as usual.
 * @param text as {@link writeView} wrote it, or anything that somebody else did
 * @param known ids of the columns there are
 */
export function readView(text: string | null, known: readonly string[]): DevicesView {
  const stored = parse(text);
  if (typeof stored !== "object" || stored === null) return usualView;
  const { columns, order } = stored as { columns?: unknown; order?: unknown };
  return { columns: readColumns(columns, known), order: readOrder(order, known) };
}

/** What is to be remembered, as text. */
export function writeView(view: DevicesView): string {
  return JSON.stringify(view);
}

function parse(text: string | null): unknown {
  try {
    return text === null ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function readColumns(stored: unknown, known: readonly string[]): readonly string[] {
  if (!Array.isArray(stored)) return usualView.columns;
  const columns = known.filter((id) => id === namingColumn || stored.includes(id));
  return columns.length > 1 ? columns : usualView.columns;
}

function readOrder(stored: unknown, known: readonly string[]): SortOrder {
  if (typeof stored !== "object" || stored === null) return usualView.order;
  const { column, descending } = stored as { column?: unknown; descending?: unknown };
  if (typeof column !== "string" || !known.includes(column)) return usualView.order;
  return { column, descending: descending === true };
}
