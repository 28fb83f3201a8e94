import { readFileSync } from "node:fs";

/** The scripts, a file each in scripts/, and how many keys each is given; all of a tenant's share a slot. */
export const scriptKeyCounts = {
  "ensure-first-tenant": 1,
  "insert-device": 3,
  "replace-device": 6,
  "remove-device": 7,
  "write-bindings": 6,
  "put-code": 3,
  "remove-codes": 3,
  "redeem-code": 10,
  "put-accounts": 3,
  "remove-accounts-of-device": 3,
  "put-users": 2,
} as const;

export type ScriptName = keyof typeof scriptKeyCounts;

/** The scripts as ioredis takes them: it sends a script's text once for each connection, then its hash. */
export function readScripts(): Record<string, { lua: string; numberOfKeys: number }> {
  const entries = Object.entries(scriptKeyCounts).map(([name, numberOfKeys]) => {
    const lua = readFileSync(new URL(`scripts/${name}.lua`, import.meta.url), "utf8");
    return [name, { lua, numberOfKeys }];
  });
  return Object.fromEntries(entries);
}
