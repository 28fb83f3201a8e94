import { Badge } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import type { Device, DeviceState } from "../api/types.ts";

const colors = {
  seen: "subtle",
  "waiting-on-activation": "warning",
  "waiting-for-sign-in": "brand",
  "signed-in": "success",
  "signed-out": "informative",
} as const satisfies Record<DeviceState, string>;

/** A device's state in words, never by its color alone. */
export function StateBadge({ device }: { readonly device: Device }) {
  const { t } = useTranslation();
  return (
    <Badge appearance="tint" color={colors[device.state]} shape="rounded">
      {t(`state.${device.state}`)}
    </Badge>
  );
}
