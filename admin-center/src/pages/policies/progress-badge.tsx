import { Badge } from "@fluentui/react-components";
import {
  CheckmarkCircleRegular,
  ClockRegular,
  PlugDisconnectedRegular,
} from "@fluentui/react-icons";
import { useTranslation } from "react-i18next";
import type { PolicyPhone } from "./policy-phones.ts";

const looks = {
  has: { color: "success", icon: <CheckmarkCircleRegular /> },
  coming: { color: "warning", icon: <ClockRegular /> },
  away: { color: "informative", icon: <PlugDisconnectedRegular /> },
} as const;

/** Whether a phone has the policy, in words. */
export function ProgressBadge({ progress }: Pick<PolicyPhone, "progress">) {
  const { t } = useTranslation();
  const { color, icon } = looks[progress];
  return (
    <Badge appearance="tint" color={color} shape="rounded" icon={icon}>
      {t(`policies.progress.${progress}`)}
    </Badge>
  );
}
