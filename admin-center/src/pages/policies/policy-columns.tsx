import type { TFunction } from "i18next";
import { Link } from "react-router";
import { allowsSipDevices, type CallingPolicy } from "../../api/user-types.ts";
import type { Column } from "../../parts/data-table.tsx";
import { TimeText } from "../../parts/time-text.tsx";
import { DueText } from "./due-text.tsx";
import type { PolicyProgress } from "./policy-phones.ts";

/** A calling policy with who has it. */
export interface PolicyRow {
  readonly policy: CallingPolicy;
  /** Undefined until they are counted. */
  readonly users: number | undefined;
  readonly progress: PolicyProgress;
}

/** The columns of the policies' table. */
export function policyColumns(t: TFunction): readonly Column<PolicyRow>[] {
  return [
    {
      id: "name",
      label: t("policies.name"),
      width: "minmax(150px, 2fr)",
      render: ({ policy }) => (
        <Link to={`/policies/${encodeURIComponent(policy.name)}`}>{policy.name}</Link>
      ),
      sortValue: ({ policy }) => policy.name,
    },
    {
      id: "version",
      label: t("policies.version"),
      width: "minmax(90px, 0.6fr)",
      render: ({ policy }) => policy.version,
      sortValue: ({ policy }) => policy.version,
    },
    {
      id: "changedAt",
      label: t("policies.changed"),
      width: "minmax(130px, 1fr)",
      render: ({ policy }) => <TimeText at={policy.changedAt} />,
      sortValue: ({ policy }) => policy.changedAt,
    },
    {
      id: "sipDevices",
      label: t("policies.sipDevices"),
      width: "minmax(120px, 0.8fr)",
      render: ({ policy }) =>
        t(allowsSipDevices(policy) ? "policies.allowed" : "policies.notAllowed"),
      sortValue: ({ policy }) => (allowsSipDevices(policy) ? 0 : 1),
    },
    {
      id: "users",
      label: t("policies.users"),
      width: "minmax(90px, 0.6fr)",
      render: ({ users }) => users,
      sortValue: ({ users }) => users ?? 0,
    },
    {
      id: "phones",
      label: t("policies.phones"),
      width: "minmax(120px, 1fr)",
      render: ({ progress: { has, all } }) => t("policies.hasOf", { has, count: all }),
      sortValue: ({ progress }) => progress.all,
    },
    {
      id: "behind",
      label: t("policies.behind"),
      width: "minmax(260px, 2fr)",
      render: ({ progress }) => <BehindText progress={progress} t={t} />,
      sortValue: ({ progress }) => progress.coming + progress.away,
    },
  ];
}

function BehindText({ progress, t }: { readonly progress: PolicyProgress; readonly t: TFunction }) {
  const { coming, away, dueAt } = progress;
  if (coming === 0 && away === 0) return t("policies.noneBehind");
  return (
    <>
      {coming > 0 && t("policies.coming", { count: coming })}{" "}
      {dueAt !== null && <DueText at={dueAt} />}
      {coming > 0 && away > 0 && "; "}
      {away > 0 && t("policies.away", { count: away })}
    </>
  );
}
