import { Button, MessageBar, MessageBarBody, Text } from "@fluentui/react-components";
import { ArrowDownloadRegular } from "@fluentui/react-icons";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { downloadCsv } from "../../parts/download-csv.ts";
import type { BulkActionId } from "./bulk-actions.ts";
import { DeviceList } from "./device-list.tsx";
import type { BulkProgress } from "./run-bulk-action.ts";

/** To how many devices it was done, to which not and why. */
export function BulkSummary({
  id,
  progress: { done, failures, left },
}: {
  readonly id: BulkActionId;
  readonly progress: BulkProgress;
}) {
  const { t } = useTranslation();
  const reasons = new Map(failures.map(({ device, reason }) => [device, reason]));
  return (
    <>
      {done > 0 && (
        <MessageBar intent="success" layout="multiline" role="status">
          <MessageBarBody>
            {t(`devices.action.${id}.done`, { count: done })}
            {id === "code" && (
              <>
                {" "}
                <Link to="/provision">{t("devices.action.code.where")}</Link>
              </>
            )}
          </MessageBarBody>
        </MessageBar>
      )}
      {left > 0 && <p>{t("devices.bulk.left", { count: left })}</p>}
      {failures.length > 0 && (
        <>
          <p role="alert">{t("devices.bulk.failed", { count: failures.length })}</p>
          <DeviceList
            label={t("devices.bulk.failed", { count: failures.length })}
            devices={failures.map(({ device }) => device)}
            render={(device) => (
              <Text>
                {[device.macAddress, device.location].filter(Boolean).join(", ")}:{" "}
                {reasons.get(device)}
              </Text>
            )}
          />
          <Button
            size="small"
            icon={<ArrowDownloadRegular />}
            onClick={() =>
              downloadCsv(
                `${t("devices.bulk.fileName")}.csv`,
                [
                  {
                    header: t("devices.column.macAddress"),
                    value: ({ device }) => device.macAddress,
                  },
                  { header: t("devices.column.location"), value: ({ device }) => device.location },
                  { header: t("devices.bulk.reason"), value: ({ reason }) => reason },
                ],
                failures,
              )
            }
          >
            {t("devices.export")}
          </Button>
        </>
      )}
    </>
  );
}
