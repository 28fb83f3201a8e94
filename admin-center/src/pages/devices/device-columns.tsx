import type { TFunction } from "i18next";
import { Link } from "react-router";
import type { Device } from "../../api/types.ts";
import type { Column } from "../../parts/data-table.tsx";
import { macOrder } from "../../parts/mac-order.ts";
import { StateBadge } from "../../parts/state-badge.tsx";
import { TimeText } from "../../parts/time-text.tsx";
import { AttentionText } from "./attention-text.tsx";
import { LastRequestText } from "./last-request-text.tsx";
import { OnlineText } from "./online-text.tsx";
import { PolicyText } from "./policy-text.tsx";

/** A column of the inventory, with what stands for it in a CSV file. */
export interface DeviceColumn extends Column<Device> {
  readonly csvValue: (device: Device) => string;
}

/** A column that shows a text as it is. */
function textColumn(
  id: string,
  label: string,
  width: string,
  textOf: (device: Device) => string | null,
): DeviceColumn {
  return {
    id,
    label,
    width,
    render: (device) => {
      const text = textOf(device) ?? "";
      return <span title={text}>{text}</span>;
    },
    sortValue: (device) => textOf(device) ?? "",
    csvValue: (device) => textOf(device) ?? "",
  };
}

/** A column of times; rows without one are sorted first. */
function timeColumn(
  id: string,
  label: string,
  timeOf: (device: Device) => string | null,
): DeviceColumn {
  return {
    id,
    label,
    width: "minmax(140px, 1fr)",
    render: (device) => <TimeText at={timeOf(device)} />,
    sortValue: (device) => Date.parse(timeOf(device) ?? "") || 0,
    csvValue: (device) => timeOf(device) ?? "",
  };
}

/** The inventory's columns, in their order. */
export function deviceColumns(t: TFunction): readonly DeviceColumn[] {
  const label = (id: string) => t(`devices.column.${id}`);
  const text = (id: string, pixels: number, textOf: (device: Device) => string | null) =>
    textColumn(id, label(id), `minmax(${pixels}px, 1fr)`, textOf);
  return [
    {
      id: "macAddress",
      label: label("macAddress"),
      width: "minmax(150px, 1fr)",
      render: ({ macAddress }) => <Link to={`/devices/${macAddress}`}>{macAddress}</Link>,
      sortValue: ({ macAddress }) => macOrder(macAddress),
      csvValue: ({ macAddress }) => macAddress,
    },
    text("location", 200, ({ location }) => location),
    {
      id: "state",
      label: label("state"),
      width: "minmax(205px, 1fr)",
      render: (device) => <StateBadge device={device} />,
      sortValue: ({ state }) => t(`state.${state}`),
      csvValue: ({ state }) => t(`state.${state}`),
    },
    {
      id: "online",
      label: label("online"),
      width: "minmax(110px, 1fr)",
      render: ({ online }) => <OnlineText online={online} />,
      sortValue: ({ online }) => (online ? 0 : 1),
      csvValue: ({ online }) => t(online ? "devices.online" : "devices.offline"),
    },
    {
      id: "attention",
      label: label("attention"),
      width: "minmax(170px, 2fr)",
      render: (device) => <AttentionText attention={device.attention} />,
      // What needs attention stands first.
      sortValue: ({ attention }) => (attention[0] === undefined ? "1" : `0 ${attention[0].text}`),
      csvValue: ({ attention }) => attention.map((one) => one.text).join(" "),
    },
    text("user", 130, ({ user }) => user?.displayName || (user?.upn ?? null)),
    text("phoneNumber", 130, ({ user }) => user?.phoneNumber ?? null),
    text("vendor", 100, ({ vendor }) => vendor),
    text("model", 90, ({ model }) => model),
    text("firmware", 130, ({ firmware }) => firmware),
    text("region", 90, ({ region }) => region),
    text("language", 100, ({ language }) => language),
    text("ipAddress", 140, ({ ipAddress }) => ipAddress),
    timeColumn("registrationExpires", label("registrationExpires"), (device) =>
      device.online ? device.registrationExpiresAt : null,
    ),
    timeColumn("lastSeen", label("lastSeen"), ({ lastSeenAt }) => lastSeenAt),
    {
      id: "policy",
      label: label("policy"),
      width: "minmax(220px, 1fr)",
      render: ({ policy }) => <PolicyText policy={policy} />,
      sortValue: ({ policy }) => policy?.name ?? "",
      csvValue: ({ policy }) =>
        policy === null
          ? ""
          : `${policy.name} ${policy.assignedVersion} (${policy.appliedVersion ?? "–"})`,
    },
    {
      id: "lastRequest",
      label: label("lastRequest"),
      width: "minmax(220px, 2fr)",
      render: ({ lastRequest }) => <LastRequestText request={lastRequest} />,
      sortValue: ({ lastRequest }) => lastRequest?.status ?? 0,
      csvValue: ({ lastRequest }) =>
        lastRequest === null ? "" : `${lastRequest.status} ${lastRequest.note}`.trim(),
    },
  ];
}
