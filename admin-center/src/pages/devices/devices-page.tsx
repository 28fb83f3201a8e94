import { Button, makeStyles, SearchBox, Text, tokens } from "@fluentui/react-components";
import { AddRegular, ArrowDownloadRegular } from "@fluentui/react-icons";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useSearchParams } from "react-router";
import type { Device } from "../../api/types.ts";
import { useInventory } from "../../live/use-inventory.ts";
import { DataTable } from "../../parts/data-table.tsx";
import { ErrorNotice } from "../../parts/error-notice.tsx";
import { PageFrame } from "../../parts/page-frame.tsx";
import { sortRows } from "../../parts/sort-rows.ts";
import { ColumnMenu } from "./column-menu.tsx";
import { CountFilters } from "./count-filters.tsx";
import { deviceColumns } from "./device-columns.tsx";
import { countDevices, readDeviceFilter } from "./device-filters.ts";
import { exportDevices } from "./devices-csv.ts";
import { NoDevices } from "./no-devices.tsx";
import { SelectionActions } from "./selection-actions.tsx";
import { useDevicesView } from "./use-devices-view.ts";
import { useShownDevices } from "./use-shown-devices.ts";

const useStyles = makeStyles({
  tools: {
    display: "flex",
    flexWrap: "wrap",
    alignItems: "center",
    gap: tokens.spacingHorizontalM,
  },
  search: { flexGrow: 1, maxWidth: "360px" },
  shown: { marginInlineStart: "auto", color: tokens.colorNeutralForeground2 },
});

const keyOf = ({ macAddress }: Device) => macAddress;

/** SIP devices: the inventory, live. The address may name a filter: `/devices?filter=attention`. */
export default function DevicesPage() {
  const { t } = useTranslation();
  const styles = useStyles();
  const navigate = useNavigate();
  const { devices, status, error } = useInventory();
  const [parameters, setParameters] = useSearchParams();
  const filter = readDeviceFilter(parameters.get("filter"));
  const [typed, setTyped] = useState(parameters.get("search") ?? "");
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());

  const columns = useMemo(() => deviceColumns(t), [t]);
  const [view, changeView] = useDevicesView(columns);
  const shownColumns = useMemo(
    () => columns.filter(({ id }) => view.columns.includes(id)),
    [columns, view.columns],
  );
  const counts = useMemo(() => countDevices(devices.values()), [devices]);
  const shown = useShownDevices(devices, filter, typed);

  return (
    <PageFrame
      title={t("devices.title")}
      lead={t("devices.lead")}
      actions={
        <>
          <Button
            appearance="primary"
            icon={<AddRegular />}
            onClick={() => void navigate("/provision")}
          >
            {t("devices.provision")}
          </Button>
          <ColumnMenu
            columns={columns}
            shown={view.columns}
            onShown={(ids) => changeView({ columns: ids })}
          />
          <Button
            icon={<ArrowDownloadRegular />}
            disabled={shown.length === 0}
            onClick={() => exportDevices(t, columns, sortRows(shown, columns, view.order))}
          >
            {t("devices.export")}
          </Button>
        </>
      }
    >
      {error !== undefined && <ErrorNotice error={error} />}
      <CountFilters
        counts={counts}
        filter={filter}
        onFilter={(one) => setParameters(one === "all" ? {} : { filter: one }, { replace: true })}
      />
      <div className={styles.tools}>
        <SearchBox
          className={styles.search}
          aria-label={t("devices.search")}
          placeholder={t("devices.search")}
          value={typed}
          onChange={(_, { value }) => setTyped(value)}
        />
        <SelectionActions devices={devices} shown={shown} keys={selected} onKeys={setSelected} />
        <Text className={styles.shown}>
          {t(status === "loading" ? "devices.shownSoFar" : "devices.shown", {
            shown: shown.length,
            count: devices.size,
          })}
        </Text>
      </div>
      <DataTable
        label={t("devices.title")}
        columns={shownColumns}
        rows={shown}
        keyOf={keyOf}
        nameOf={keyOf}
        order={view.order}
        onOrder={(order) => changeView({ order })}
        selection={{ keys: selected, onChange: setSelected }}
        empty={
          <NoDevices
            isLoading={status === "loading"}
            isFiltered={devices.size > 0}
            onShowAll={() => {
              setTyped("");
              setParameters({}, { replace: true });
            }}
          />
        }
      />
    </PageFrame>
  );
}
