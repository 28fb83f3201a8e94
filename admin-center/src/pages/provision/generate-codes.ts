import { call } from "../../api/call.ts";
import type { GeneratedCodes } from "../../api/provision-types.ts";
import { inventory } from "../../live/inventory.ts";

/** Devices that one call names. */
const namedAtOnce = 1000;
/** More than these are not asked for one by one: the inventory is read anew. */
const touchedAtMost = 500;

/** Makes a code for each of these devices, or for all that wait on activation; the inventory shows them. */
export async function makeCodes(macAddresses: readonly string[] | "all"): Promise<GeneratedCodes> {
  const made: GeneratedCodes[] = [];
  try {
    for (const body of bodiesOf(macAddresses)) {
      made.push(await call<GeneratedCodes>("/verification-codes", { method: "POST", body }));
    }
  } finally {
    showNew(made);
  }
  return {
    items: made.flatMap(({ items }) => items),
    refused: made.flatMap(({ refused }) => refused),
  };
}

function bodiesOf(macAddresses: readonly string[] | "all"): readonly object[] {
  if (macAddresses === "all") return [{ all: true }];
  const bodies: object[] = [];
  for (let start = 0; start < macAddresses.length; start += namedAtOnce) {
    bodies.push({ macAddresses: macAddresses.slice(start, start + namedAtOnce) });
  }
  return bodies;
}

/** Also when a later call failed: the codes that were made are made. */
function showNew(made: readonly GeneratedCodes[]): void {
  const items = made.flatMap((codes) => codes.items);
  if (items.length > touchedAtMost) void inventory.reload();
  else for (const { macAddress } of items) inventory.touch(macAddress);
}
