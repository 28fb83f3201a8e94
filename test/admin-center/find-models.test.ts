import { expect, test } from "vitest";
import { findModels } from "../../admin-center/src/pages/regions/find-models.ts";

const models = [
  { vendor: "Yealink", model: "T54W", leastFirmware: "96.86.0.45", approvedFirmware: "96.86.0.75" },
  { vendor: "Cisco", model: "CP-7821", leastFirmware: null, approvedFirmware: "12.0.5" },
].map((model) => ({ ...model, served: true }));

test.each([
  ["", ["T54W", "CP-7821"]],
  ["t54w YEALINK", ["T54W"]],
  ["cisco t54w", []],
  ["12.0", ["CP-7821"]],
])("the compatible models are searched by words in any order: %j", (typed, found) => {
  expect(findModels(models, typed).map(({ model }) => model)).toEqual(found);
});
