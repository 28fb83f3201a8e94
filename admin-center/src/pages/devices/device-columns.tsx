import type { TFunction } from "i18next";
import { Link } from "react-router";
import type { Device } from "../../api/types.ts";
import type { Column } from "../../parts/data-table.tsx";
import { StateBadge } from "../../parts/state-badge.tsx";

/** The inventory's columns, in their order. */
export function deviceColumns(t: TFunction): readonly Column<Device>[] {
  return [
    {
      id: "macAddress",
      label: t("device.macAddress"),
      width: "minmax(150px, 1fr)",
      render: ({ macAddress }) => <Link to={`/devices/${macAddress}`}>{macAddress}</Link>,
      sortValue: ({ macAddress }) => macAddress,
    },
    {
      id: "location",
      label: t("device.location"),
      width: "minmax(140px, 2fr)",
      render: ({ location }) => location,
      sortValue: ({ location }) => location,
    },
    {
      id: "state",
      label: t("device.state"),
      width: "minmax(170px, 1fr)",
      render: (device) => <StateBadge device={device} />,
      sortValue: ({ state }) => t(`state.${state}`),
    },
  ];
}
