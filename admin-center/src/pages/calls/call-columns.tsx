import { Badge } from "@fluentui/react-components";
import type { TFunction } from "i18next";
import type { CallRecord } from "../../api/call-types.ts";
import type { Column } from "../../parts/data-table.tsx";
import { TimeText } from "../../parts/time-text.tsx";
import { CallDuration } from "./call-duration.tsx";
import {
  type CallStanding,
  callKinds,
  callStanding,
  partyName,
  talkedSeconds,
} from "./call-standing.ts";

const colors = {
  ringing: "brand",
  talking: "brand",
  completed: "success",
  busy: "informative",
  "no-answer": "informative",
  cancelled: "informative",
  refused: "danger",
  failed: "danger",
} as const satisfies Record<CallStanding, string>;

/** A column of the calls, with what stands for it in a CSV file. */
export interface CallColumn extends Column<CallRecord> {
  readonly csvValue: (call: CallRecord) => string;
}

/** A call's kind in words. */
export function kindText(t: TFunction, { kind }: CallRecord): string {
  const known = callKinds.find((one) => one === kind);
  return known === undefined ? kind : t(`calls.kind.${known}`);
}

/** How a call stands or ended, in words. */
export function standingText(t: TFunction, call: CallRecord): string {
  const standing = callStanding(call);
  return standing === undefined ? (call.end ?? "") : t(`calls.standing.${standing}`);
}

/** The columns of the calls, in their order. */
export function callColumns(t: TFunction): readonly CallColumn[] {
  const label = (id: string) => t(`calls.column.${id}`);
  const party = (id: "from" | "to" | "answeredBy"): CallColumn => ({
    id,
    label: label(id),
    width: "minmax(140px, 1fr)",
    render: (call) => <span title={call[id] ?? ""}>{partyName(call[id] ?? "")}</span>,
    sortValue: (call) => partyName(call[id] ?? ""),
    csvValue: (call) => call[id] ?? "",
  });
  return [
    {
      id: "startedAt",
      label: label("startedAt"),
      width: "140px",
      render: ({ startedAt }) => <TimeText at={startedAt} />,
      sortValue: ({ startedAt }) => Date.parse(startedAt),
      csvValue: ({ startedAt }) => startedAt,
    },
    {
      id: "standing",
      label: label("standing"),
      width: "180px",
      render: (call) => <StandingBadge call={call} text={standingText(t, call)} />,
      sortValue: (call) => standingText(t, call),
      csvValue: (call) => standingText(t, call),
    },
    {
      id: "duration",
      label: label("duration"),
      width: "100px",
      render: (call) => <CallDuration call={call} />,
      sortValue: (call) => talkedSeconds(call, Date.now()) ?? -1,
      csvValue: (call) => String(talkedSeconds(call, Date.now()) ?? ""),
    },
    party("from"),
    party("to"),
    party("answeredBy"),
    {
      id: "kind",
      label: label("kind"),
      width: "minmax(150px, 1fr)",
      render: (call) => kindText(t, call),
      sortValue: (call) => kindText(t, call),
      csvValue: (call) => kindText(t, call),
    },
  ];
}

/** Columns that only the CSV file has. */
export function callCsvExtras(t: TFunction): readonly Omit<CallColumn, "render" | "width">[] {
  const extra = (id: "answeredAt" | "endedAt" | "callId") => ({
    id,
    label: t(`calls.column.${id}`),
    csvValue: (call: CallRecord) => call[id] ?? "",
  });
  return [
    extra("answeredAt"),
    extra("endedAt"),
    {
      id: "status",
      label: t("calls.column.status"),
      csvValue: ({ status }) => (status === null ? "" : String(status)),
    },
    extra("callId"),
  ];
}

function StandingBadge({ call, text }: { readonly call: CallRecord; readonly text: string }) {
  const standing = callStanding(call);
  // What the phone was answered says more of a failure than a word does.
  const isTrouble = standing === "refused" || standing === "failed";
  return (
    <Badge appearance="tint" color={standing === undefined ? "informative" : colors[standing]}>
      {isTrouble && call.status !== null ? `${text} (${call.status})` : text}
    </Badge>
  );
}
