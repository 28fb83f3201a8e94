import type { DeviceEvent } from "../../api/device-page-types.ts";

/** Kinds of a device's history that belong together. */
export const historyGroups = [
  "activation",
  "sign-in",
  "provisioning",
  "registration",
  "command",
  "policy",
  "inventory",
  "off-boarding",
  "other",
] as const;

export type HistoryGroup = (typeof historyGroups)[number];

const groupOfKind: Readonly<Record<string, HistoryGroup>> = {
  added: "inventory",
  changed: "inventory",
  deleted: "inventory",
  reset: "inventory",
  "code-generated": "activation",
  "code-wrong": "activation",
  "code-expired": "activation",
  "code-locked": "activation",
  enrolled: "activation",
  "sign-in-started": "sign-in",
  "sign-in-failed": "sign-in",
  "signed-in": "sign-in",
  "signed-out": "sign-in",
  "configuration-fetched": "provisioning",
  "configuration-refused": "provisioning",
  registered: "registration",
  unregistered: "registration",
  refused: "registration",
  notified: "command",
  command: "command",
  "feature-code": "command",
  "policy-synced": "policy",
  "off-boarding-near": "off-boarding",
  "off-boarded": "off-boarding",
};

/** Where a kind belongs; one that this page does not know yet is among the others. */
export function historyGroupOf(kind: string): HistoryGroup {
  return Object.hasOwn(groupOfKind, kind) ? (groupOfKind[kind] ?? "other") : "other";
}

/** The events of a group, or all of them. */
export function filterHistory(
  events: readonly DeviceEvent[],
  group: HistoryGroup | "all",
): readonly DeviceEvent[] {
  return group === "all" ? events : events.filter(({ kind }) => historyGroupOf(kind) === group);
}

const troubles: ReadonlySet<string> = new Set([
  "configuration-refused",
  "refused",
  "code-wrong",
  "code-expired",
  "code-locked",
  "sign-in-failed",
  "off-boarding-near",
  "off-boarded",
]);

/** Whether a kind tells of something that did not go as it should. */
export function isTrouble(kind: string): boolean {
  return troubles.has(kind);
}
