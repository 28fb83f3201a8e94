import { Badge } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import { useIsLive } from "../live/use-inventory.ts";

/** Whether what is shown changes by itself, or the gateway is being waited for. */
export function LiveMark() {
  const { t } = useTranslation();
  const isLive = useIsLive();
  return (
    <span role="status">
      <Badge appearance="tint" color={isLive ? "success" : "warning"}>
        {t(isLive ? "live.on" : "live.off")}
      </Badge>
    </span>
  );
}
