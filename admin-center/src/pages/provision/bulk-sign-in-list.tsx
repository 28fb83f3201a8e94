import type { TFunction } from "i18next";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { call } from "../../api/call.ts";
import type { BulkSignInSummary } from "../../api/provision-types.ts";
import type { Page } from "../../api/types.ts";
import { useResource } from "../../live/use-resource.ts";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { ErrorNotice } from "../../parts/error-notice.tsx";
import type { SortOrder } from "../../parts/sort-rows.ts";
import { formatDateTime } from "../../parts/time-text.tsx";
import { BulkSignInStatus } from "./bulk-sign-in-status.tsx";

const path = "/bulk-sign-in?limit=50";
const refreshMilliseconds = 5000;

/** The last bulk sign-ins, and how they stand. */
export function BulkSignInList() {
  const { t, i18n } = useTranslation();
  const [order, setOrder] = useState<SortOrder>({ column: "createdAt", descending: true });
  const { data, error, isLoading, reload } = useResource(
    path,
    (signal) => call<Page<BulkSignInSummary>>(path, { signal }),
    { everyMilliseconds: refreshMilliseconds },
  );
  const columns = useMemo(() => listColumns(t, i18n.language), [t, i18n.language]);
  return (
    <>
      {error !== undefined && <ErrorNotice error={error} onRetry={reload} />}
      <DataTable
        label={t("provision.bulk.last")}
        columns={columns}
        rows={data?.items ?? []}
        keyOf={({ id }) => id}
        nameOf={({ id }) => id}
        order={order}
        onOrder={setOrder}
        empty={t(isLoading && data === undefined ? "table.loading" : "provision.bulk.none")}
      />
    </>
  );
}

function listColumns(t: TFunction, language: string): readonly Column<BulkSignInSummary>[] {
  return [
    {
      id: "createdAt",
      label: t("provision.bulk.begun"),
      width: "minmax(190px, 1fr)",
      render: ({ id, createdAt }) => (
        <Link to={`/provision/bulk-sign-in/${encodeURIComponent(id)}`}>
          {formatDateTime(createdAt, language)}
        </Link>
      ),
      sortValue: ({ createdAt }) => createdAt,
    },
    {
      id: "createdBy",
      label: t("provision.bulk.by"),
      width: "minmax(140px, 1fr)",
      render: ({ createdBy }) => createdBy,
      sortValue: ({ createdBy }) => createdBy,
    },
    {
      id: "status",
      label: t("provision.bulk.status"),
      width: "minmax(130px, 1fr)",
      render: ({ status }) => <BulkSignInStatus status={status} />,
      sortValue: ({ status }) => status,
    },
    {
      id: "completed",
      label: t("provision.bulk.signedIn"),
      width: "minmax(110px, 1fr)",
      render: ({ counts }) => counts.completed,
      sortValue: ({ counts }) => counts.completed,
    },
    {
      id: "failed",
      label: t("provision.bulk.failed"),
      width: "minmax(100px, 1fr)",
      render: ({ counts }) => counts.failed,
      sortValue: ({ counts }) => counts.failed,
    },
    {
      id: "open",
      label: t("provision.bulk.atWork"),
      width: "minmax(110px, 1fr)",
      render: ({ counts }) => counts.queued + counts.inProgress,
      sortValue: ({ counts }) => counts.queued + counts.inProgress,
    },
  ];
}
