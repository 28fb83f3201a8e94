import { Button, useRestoreFocusTarget } from "@fluentui/react-components";
import { AddRegular } from "@fluentui/react-icons";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { call } from "../../api/call.ts";
import type { UserCounts } from "../../api/user-types.ts";
import { useInventory } from "../../live/use-inventory.ts";
import { usePolicies } from "../../live/use-policies.ts";
import { useResource } from "../../live/use-resource.ts";
import { DataTable } from "../../parts/data-table.tsx";
import { ErrorNotice } from "../../parts/error-notice.tsx";
import { PageFrame } from "../../parts/page-frame.tsx";
import type { SortOrder } from "../../parts/sort-rows.ts";
import { useMay } from "../../session/session-context.ts";
import { NewPolicyDialog } from "./new-policy-dialog.tsx";
import { policyColumns } from "./policy-columns.tsx";
import { progressByPolicy, progressOf } from "./policy-phones.ts";

/** All users are looked at to count them: not for each one that changes. */
const everyMilliseconds = 30_000;

/** Calling policies: what users may do, and how far their phones have come with it. */
export default function PoliciesPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const mayEdit = useMay("administrator");
  const restoreFocus = useRestoreFocusTarget();
  const [isAdding, setAdding] = useState(false);
  const [order, setOrder] = useState<SortOrder>({ column: "name", descending: false });
  const { data: policies, error, reload } = usePolicies();
  const { devices, error: inventoryError } = useInventory();
  const { data: counts } = useResource("user-counts", readCounts, { everyMilliseconds });
  const columns = useMemo(() => policyColumns(t), [t]);
  const rows = useMemo(() => {
    const progress = progressByPolicy(devices.values(), policies ?? []);
    const users = new Map(counts?.byPolicy.map(({ name, users }) => [name.toLowerCase(), users]));
    return (policies ?? []).map((policy) => {
      const name = policy.name.toLowerCase();
      return {
        policy,
        users: counts === undefined ? undefined : (users.get(name) ?? 0),
        progress: progress.get(name) ?? progressOf([]),
      };
    });
  }, [devices, policies, counts]);
  const problem = error ?? inventoryError;

  return (
    <PageFrame
      title={t("policies.title")}
      lead={t("policies.lead")}
      actions={
        mayEdit && (
          <Button
            {...restoreFocus}
            appearance="primary"
            icon={<AddRegular />}
            onClick={() => setAdding(true)}
          >
            {t("policies.add")}
          </Button>
        )
      }
    >
      {problem !== undefined && <ErrorNotice error={problem} onRetry={reload} />}
      <DataTable
        label={t("policies.title")}
        columns={columns}
        rows={rows}
        keyOf={({ policy }) => policy.name}
        nameOf={({ policy }) => policy.name}
        order={order}
        onOrder={setOrder}
        empty={t("table.loading")}
      />
      {isAdding && (
        <NewPolicyDialog
          takenNames={rows.map(({ policy }) => policy.name)}
          onClose={() => setAdding(false)}
          onCreated={(name) => void navigate(`/policies/${encodeURIComponent(name)}`)}
        />
      )}
    </PageFrame>
  );
}

function readCounts(signal: AbortSignal): Promise<UserCounts> {
  return call<UserCounts>("/users/counts", { signal });
}
