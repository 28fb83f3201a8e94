import { describe, expect, it } from "vitest";
import {
  readView,
  usualView,
  writeView,
} from "../../admin-center/src/pages/devices/remembered-view.ts";

const known = ["macAddress", "location", "model"];

describe("what the browser remembers of the inventory's columns", () => {
  it("is read as it was written", () => {
    const view = { columns: ["macAddress", "model"], order: { column: "model", descending: true } };
    expect(readView(writeView(view), known)).toEqual(view);
  });

  it("is as usual at the first visit, and where it cannot be read", () => {
    for (const text of [null, "", "{", "7", "null", "[]", '{"columns":7,"order":"model"}']) {
      expect(readView(text, known)).toEqual(usualView);
    }
  });

  it("loses columns that are no more, and keeps the one that names a row", () => {
    const text = JSON.stringify({
      columns: ["gone", "model", 7],
      order: { column: "gone", descending: true },
    });
    expect(readView(text, known)).toEqual({
      columns: ["macAddress", "model"],
      order: usualView.order,
    });
  });
});
