import { Text } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import type { Device } from "../../api/types.ts";
import type { BulkActionId } from "./bulk-actions.ts";
import { DeviceList } from "./device-list.tsx";

/** What will be done, and to which devices. */
export function BulkPlan({
  id,
  devices,
  leftOut,
}: {
  readonly id: BulkActionId;
  readonly devices: readonly Device[];
  /** How many of those that are ticked it means nothing for. */
  readonly leftOut: number;
}) {
  const { t } = useTranslation();
  return (
    <>
      <p>{t(`devices.action.${id}.text`, { count: devices.length })}</p>
      {leftOut > 0 && <p>{t(`devices.action.${id}.leftOut`, { count: leftOut })}</p>}
      <DeviceList
        label={t("devices.bulk.devices")}
        devices={devices}
        render={({ macAddress, location, user }) => (
          <Text>{[macAddress, location, user?.displayName].filter(Boolean).join(", ")}</Text>
        )}
      />
    </>
  );
}
