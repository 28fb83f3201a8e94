import type { CompatibleModel } from "../../api/guide-types.ts";

/** Models in which every typed word occurs, in vendor, model or firmware; all of them where none is typed. */
export function findModels(
  models: readonly CompatibleModel[],
  typed: string,
): readonly CompatibleModel[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return models;
  return models.filter(({ vendor, model, leastFirmware, approvedFirmware }) => {
    const text = `${vendor} ${model} ${leastFirmware ?? ""} ${approvedFirmware}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
