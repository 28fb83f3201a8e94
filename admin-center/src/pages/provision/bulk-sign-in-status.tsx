import { Badge } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import type { BulkSignInItem } from "../../api/provision-types.ts";

const colors = {
  queued: "subtle",
  "in-progress": "informative",
  completed: "success",
  failed: "danger",
} as const;

/** How a batch or a line of it stands, in words. */
export function BulkSignInStatus({ status }: { readonly status: BulkSignInItem["status"] }) {
  const { t } = useTranslation();
  return (
    <Badge appearance="tint" color={colors[status]} shape="rounded">
      {t(`provision.bulk.statuses.${status}`)}
    </Badge>
  );
}
