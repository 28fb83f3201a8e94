import { Button, Field, ProgressBar } from "@fluentui/react-components";
import { ArrowDownloadRegular, ArrowLeftRegular } from "@fluentui/react-icons";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useParams } from "react-router";
import { call } from "../../api/call.ts";
import type { BulkSignIn, BulkSignInItem } from "../../api/provision-types.ts";
import { useResource } from "../../live/use-resource.ts";
import { downloadCsv } from "../../parts/download-csv.ts";
import { ErrorNotice } from "../../parts/error-notice.tsx";
import { PageFrame } from "../../parts/page-frame.tsx";
import { formatDateTime } from "../../parts/time-text.tsx";
import { BulkSignInLines } from "./bulk-sign-in-lines.tsx";

/** Lines change without an event of their own. */
const refreshMilliseconds = 2000;

/** A bulk sign-in, and how each of its lines stands, live. */
export function BulkSignInBatchPage() {
  const { t, i18n } = useTranslation();
  const navigate = useNavigate();
  const { id = "" } = useParams();
  const [isOver, setOver] = useState(false);
  const path = `/bulk-sign-in/${encodeURIComponent(id)}`;
  const { data, error, reload } = useResource(
    path,
    (signal) => call<BulkSignIn>(path, { signal }),
    isOver ? {} : { everyMilliseconds: refreshMilliseconds },
  );
  useEffect(() => setOver(data?.status === "completed"), [data]);
  const about =
    data === undefined
      ? undefined
      : t("provision.bulk.about", {
          at: formatDateTime(data.createdAt, i18n.language),
          by: data.createdBy,
        });
  return (
    <PageFrame
      title={t("provision.bulk.batchTitle")}
      {...(about === undefined ? {} : { lead: about })}
      actions={
        <>
          <Button
            icon={<ArrowLeftRegular />}
            onClick={() => void navigate("/provision/bulk-sign-in")}
          >
            {t("provision.back")}
          </Button>
          {data !== undefined && data.counts.failed > 0 && (
            <Button icon={<ArrowDownloadRegular />} onClick={() => exportFailed(data)}>
              {t("provision.bulk.exportFailed")}
            </Button>
          )}
        </>
      }
    >
      {error !== undefined && <ErrorNotice error={error} onRetry={reload} />}
      {data !== undefined && <BatchProgress batch={data} />}
      {data !== undefined && <BulkSignInLines items={data.items} />}
    </PageFrame>
  );
}

function BatchProgress({ batch: { counts, items, status } }: { readonly batch: BulkSignIn }) {
  const { t } = useTranslation();
  const ended = counts.completed + counts.failed;
  const words = t(`provision.bulk.progress.${status === "completed" ? "over" : "atWork"}`, {
    ended,
    count: items.length,
    completed: counts.completed,
    failed: counts.failed,
  });
  return (
    <Field validationMessage={{ role: "status", children: words }} validationState="none">
      <ProgressBar aria-label={t("provision.bulk.batchTitle")} value={ended} max={items.length} />
    </Field>
  );
}

/** The lines to upload again once their reasons are mended, as such a file, with the reasons beside. */
function exportFailed({ items }: BulkSignIn): void {
  downloadCsv<BulkSignInItem>(
    "bulk-sign-in-failed.csv",
    [
      { header: "Username", value: ({ username }) => username },
      { header: "HardwareId", value: ({ hardwareId }) => hardwareId },
      { header: "Reason", value: ({ reason }) => reason ?? "" },
    ],
    items.filter(({ status }) => status === "failed"),
  );
}
