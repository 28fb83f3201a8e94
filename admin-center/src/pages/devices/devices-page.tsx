import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useInventory } from "../../live/use-inventory.ts";
import { DataTable } from "../../parts/data-table.tsx";
import { ErrorNotice } from "../../parts/error-notice.tsx";
import { PageFrame } from "../../parts/page-frame.tsx";
import type { SortOrder } from "../../parts/sort-rows.ts";
import { deviceColumns } from "./device-columns.tsx";

/** SIP devices: the inventory. */
export default function DevicesPage() {
  const { t } = useTranslation();
  const { devices, status, error } = useInventory();
  const [order, setOrder] = useState<SortOrder>({ column: "macAddress", descending: false });
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const rows = useMemo(() => [...devices.values()], [devices]);
  const columns = useMemo(() => deviceColumns(t), [t]);
  return (
    <PageFrame title={t("devices.title")} lead={t("devices.lead")}>
      {error !== undefined && <ErrorNotice error={error} />}
      <DataTable
        label={t("devices.title")}
        columns={columns}
        rows={rows}
        keyOf={(device) => device.macAddress}
        nameOf={(device) => device.macAddress}
        order={order}
        onOrder={setOrder}
        selection={{ keys: selected, onChange: setSelected }}
        empty={t(status === "loading" ? "table.loading" : "devices.none")}
      />
    </PageFrame>
  );
}
