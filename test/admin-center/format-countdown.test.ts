import { expect, test } from "vitest";
import { formatCountdown } from "../../admin-center/src/parts/format-countdown.ts";

test.each([
  [900_000, "15:00"],
  [65_000, "1:05"],
  [64_001, "1:05"],
  [3_723_000, "1:02:03"],
  [0, "0:00"],
  [-5000, "0:00"],
])("shows %d ms as %s", (milliseconds, text) => {
  expect(formatCountdown(milliseconds)).toBe(text);
});
