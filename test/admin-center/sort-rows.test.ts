import { describe, expect, it } from "vitest";
import { sortRows } from "../../admin-center/src/parts/sort-rows.ts";

const columns = [
  { id: "text", sortValue: (row: { text: string | number }) => row.text },
  { id: "picture" },
];

function sorted(texts: readonly (string | number)[], descending = false) {
  const rows = texts.map((text) => ({ text }));
  return sortRows(rows, columns, { column: "text", descending }).map(({ text }) => text);
}

describe("sorting rows", () => {
  it("takes numbers within texts for numbers, however long, with zeros in front or not", () => {
    expect(sorted(["Room 10", "Room 9", "Room 0012", "Room 123456789012"])).toEqual([
      "Room 9",
      "Room 10",
      "Room 0012",
      "Room 123456789012",
    ]);
  });

  it("does not tell capitals from small letters, and keeps what is equal as it was", () => {
    expect(sorted(["b", "A", "B", "a"])).toEqual(["A", "a", "b", "B"]);
  });

  it("sorts texts beyond ASCII as the language does", () => {
    expect(sorted(["Zimmer", "Österreich", "Ofen"])).toEqual(["Ofen", "Österreich", "Zimmer"]);
  });

  it("sorts numbers by size, and the other way round when told to", () => {
    expect(sorted([10, 9, 100], true)).toEqual([100, 10, 9]);
  });

  it("leaves rows as they are where the column is none to sort by", () => {
    const rows = [{ text: "b" }, { text: "a" }];
    expect(sortRows(rows, columns, { column: "picture", descending: false })).toBe(rows);
    expect(sortRows(rows, columns, { column: "gone", descending: false })).toBe(rows);
  });

  it("leaves the rows that it was given in their order", () => {
    const rows = [{ text: "b" }, { text: "a" }];
    sortRows(rows, columns, { column: "text", descending: false });
    expect(rows.map(({ text }) => text)).toEqual(["b", "a"]);
  });
});
