import type { FleetStep, PhoneRun } from "../../lab/simulated-phones/phone-fleet.ts";

const columns: readonly (readonly [heading: string, step: FleetStep])[] = [
  ["booted", "provisioning"],
  ["registered", "registration"],
  ["enrolled", "enrolment"],
  ["synchronised", "synchronisation"],
  ["signed-in", "sign-in"],
  ["called", "call"],
  ["un-registered", "un-registration"],
];

/** Reasons that are written out; the rest are counted. */
const mostReasons = 10;

/**
 * What became of a fleet, for people: a table by vendor, and the first reasons of failures.
 * @param note a sentence on what was not done, if anything was left out
 */
export function formatFleetReport(runs: readonly PhoneRun[], note?: string): string {
  const vendors = [...new Set(runs.map(({ identity }) => identity.vendor))];
  const headings = ["vendor", "phones", ...columns.map(([heading]) => heading), "failed"];
  const rows = vendors.map((vendor) =>
    rowOf(
      vendor,
      runs.filter(({ identity }) => identity.vendor === vendor),
    ),
  );
  if (vendors.length > 1) rows.push(rowOf("all", runs));
  const footnote = note === undefined ? "" : `\n${note}\n`;
  return `${table([headings, ...rows])}\n${reasonsOf(runs)}${footnote}`;
}

/** How many phones did not get through. */
export function countFailed(runs: readonly PhoneRun[]): number {
  return runs.filter(({ failure }) => failure !== undefined).length;
}

function rowOf(name: string, runs: readonly PhoneRun[]): string[] {
  const counts = columns.map(([, step]) => runs.filter(({ done }) => done.includes(step)).length);
  return [name, ...[runs.length, ...counts, countFailed(runs)].map(String)];
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => {
          const width = widths[column] ?? 0;
          return column === 0 ? cell.padEnd(width) : cell.padStart(width);
        })
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** The same reason of many phones is one line, with the first of them. */
function reasonsOf(runs: readonly PhoneRun[]): string {
  const groups = new Map<string, { readonly first: string; count: number }>();
  for (const { identity, failure } of runs) {
    if (failure === undefined) continue;
    const what = `${identity.vendor}, ${failure.step}: ${failure.reason}`;
    // Reasons that differ by the phone's own name only are the same reason.
    const key = what.replaceAll(new RegExp(identity.macAddress, "gi"), "<mac>");
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { first: identity.macAddress, count: 1 });
    else group.count++;
  }
  if (groups.size === 0) return "";
  const lines = [...groups].slice(0, mostReasons).map(([what, { first, count }]) => {
    return `  ${count} x ${what} (first: ${first})`;
  });
  const rest = groups.size - lines.length;
  return `\nWhat went wrong:\n${lines.join("\n")}\n${rest > 0 ? `  and ${rest} other reasons\n` : ""}`;
}
