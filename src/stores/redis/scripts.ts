import { readFileSync } from "node:fs";

/** The scripts, a file each in scripts/, and how many keys each is given; all of a tenant's share a slot. */
export const scriptKeyCounts = {
  "ensure-first-tenant": 1,
  "insert-device": 5,
  "replace-device": 8,
  "remove-device": 9,
  "index-device": 3,
  "write-bindings": 6,
  "put-code": 3,
  "remove-codes": 3,
  "redeem-code": 12,
  "put-accounts": 3,
  "remove-account": 3,
  "remove-accounts-of-device": 3,
  "put-users": 3,
  "put-user-with-own-number": 3,
  "change-user": 1,
  "remove-user": 3,
  "put-policy": 2,
  "remove-policy": 2,
  "put-policy-refresh": 3,
  "remove-policy-refresh": 3,
  "count-policy-backlog": 1,
  "put-sign-in": 2,
  "settle-sign-in": 2,
  "take-over-bulk-sign-in": 3,
  "take-over-sign-in": 2,
  "remove-sign-in": 2,
  "append-command": 2,
  "take-command": 2,
  "reclaim-commands": 1,
  "change-sent-command": 1,
  "begin-bulk-sign-in": 3,
  "save-bulk-sign-in": 3,
  "insert-administrator": 2,
  "change-administrator-role": 1,
  "remove-administrator": 2,
  "put-administrator-session": 2,
  "note-administrator-session-use": 1,
  "remove-administrator-sessions": 1,
} as const;

export type ScriptName = keyof typeof scriptKeyCounts;

/** What scripts call that is in a file of its own, in scripts/functions/: it is put before them. */
const functionOfScript: Partial<Record<ScriptName, string>> = {
  "put-users": "write-user",
  "put-user-with-own-number": "write-user",
  "insert-device": "note-user-of-device",
  "replace-device": "note-user-of-device",
  "remove-device": "note-user-of-device",
  "index-device": "note-user-of-device",
  "redeem-code": "note-user-of-device",
};

/** The scripts as ioredis takes them: it sends a script's text once for each connection, then its hash. */
export function readScripts(): Record<string, { lua: string; numberOfKeys: number }> {
  const names = Object.keys(scriptKeyCounts) as ScriptName[];
  const entries = names.map((name) => {
    const called = functionOfScript[name];
    const before = called === undefined ? "" : readLua(`functions/${called}`);
    return [name, { lua: before + readLua(name), numberOfKeys: scriptKeyCounts[name] }];
  });
  return Object.fromEntries(entries);
}

function readLua(name: string): string {
  return readFileSync(new URL(`scripts/${name}.lua`, import.meta.url), "utf8");
}
