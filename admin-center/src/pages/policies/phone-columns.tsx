import type { TFunction } from "i18next";
import { Link } from "react-router";
import type { Column } from "../../parts/data-table.tsx";
import { TimeText } from "../../parts/time-text.tsx";
import { DueText } from "./due-text.tsx";
import type { PolicyPhone } from "./policy-phones.ts";
import { ProgressBadge } from "./progress-badge.tsx";

/** Those that are still to come first. */
const ranks = { coming: 0, away: 1, has: 2 } as const;

/** The columns of the table of a policy's phones. */
export function phoneColumns(t: TFunction): readonly Column<PolicyPhone>[] {
  return [
    {
      id: "progress",
      label: t("policies.change"),
      width: "minmax(110px, 0.8fr)",
      render: ({ progress }) => <ProgressBadge progress={progress} />,
      sortValue: ({ progress, dueAt }) => `${ranks[progress]} ${dueAt ?? ""}`,
    },
    {
      id: "due",
      label: t("policies.when"),
      width: "minmax(175px, 1.3fr)",
      render: (phone) => <WhenText phone={phone} t={t} />,
      sortValue: ({ dueAt, device }) => dueAt ?? device.policy?.lastSyncedAt ?? "",
    },
    {
      id: "location",
      label: t("device.location"),
      width: "minmax(100px, 1.2fr)",
      render: ({ device }) => device.location,
      sortValue: ({ device }) => device.location,
    },
    {
      id: "user",
      label: t("policies.user"),
      width: "minmax(110px, 1.2fr)",
      render: ({ device }) => device.user?.displayName ?? "",
      sortValue: ({ device }) => device.user?.displayName ?? "",
    },
    {
      id: "macAddress",
      label: t("device.macAddress"),
      width: "minmax(145px, 1fr)",
      render: ({ device }) => <Link to={`/devices/${device.macAddress}`}>{device.macAddress}</Link>,
      sortValue: ({ device }) => device.macAddress,
    },
  ];
}

function WhenText({ phone, t }: { readonly phone: PolicyPhone; readonly t: TFunction }) {
  const { progress, dueAt, device } = phone;
  if (progress === "away") return t("policies.awayWhen");
  if (dueAt !== null) return <DueText at={dueAt} />;
  return <TimeText at={device.policy?.lastSyncedAt ?? null} />;
}
