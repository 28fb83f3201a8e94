import { Text } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { ApiError } from "../../api/api-error.ts";
import { PageFrame } from "../../parts/page-frame.tsx";
import { HistoryCard } from "./history-card.tsx";
import type { DeviceResources } from "./use-device-resources.ts";

/** A device that is not in the inventory: there never was one, or it was deleted, and its history says so. */
export function UnknownDevice({
  macAddress,
  error,
  resources: { history, readOlder },
}: {
  /** As the page's address names it. */
  readonly macAddress: string;
  readonly error: ApiError;
  readonly resources: Pick<DeviceResources, "history" | "readOlder">;
}) {
  const { t } = useTranslation();
  const isMac = error.status === 404;
  return (
    <PageFrame title={t(isMac ? "devicePage.unknown" : "devicePage.notMac")}>
      <Text>
        {isMac ? t("devicePage.unknownText", { macAddress }) : error.message}{" "}
        <Link to="/devices">{t("menu.devices")}</Link>
      </Text>
      {history.data !== undefined && history.data.items.length > 0 && (
        <HistoryCard history={history.data} onOlder={readOlder} />
      )}
    </PageFrame>
  );
}
