import { Link as ActionLink, useRestoreFocusTarget } from "@fluentui/react-components";
import type { TFunction } from "i18next";
import { Link } from "react-router";
import type { Device } from "../../api/types.ts";
import type { User } from "../../api/user-types.ts";
import type { Column } from "../../parts/data-table.tsx";

const devicesShown = 2;

/** The columns of the users' table. */
export function userColumns(
  t: TFunction,
  devices: ReadonlyMap<string, readonly Device[]>,
  /** Absent: who looks may not edit. */
  onOpen: ((upn: string) => void) | undefined,
): readonly Column<User>[] {
  return [
    {
      id: "upn",
      label: t("users.upn"),
      width: "minmax(190px, 2fr)",
      render: ({ upn }) => (onOpen === undefined ? upn : <OpenUser upn={upn} onOpen={onOpen} />),
      sortValue: ({ upn }) => upn,
    },
    {
      id: "displayName",
      label: t("users.displayName"),
      width: "minmax(120px, 1.5fr)",
      render: ({ displayName }) => displayName,
      sortValue: ({ displayName }) => displayName,
    },
    {
      id: "phoneNumber",
      label: t("users.phoneNumber"),
      width: "minmax(130px, 1fr)",
      render: ({ phoneNumber }) => phoneNumber ?? t("users.noNumber"),
      sortValue: ({ phoneNumber }) => phoneNumber ?? "",
    },
    {
      id: "callingPolicy",
      label: t("users.callingPolicy"),
      width: "minmax(120px, 1fr)",
      render: ({ callingPolicy }) => (
        <Link to={`/policies/${encodeURIComponent(callingPolicy)}`}>{callingPolicy}</Link>
      ),
      sortValue: ({ callingPolicy }) => callingPolicy,
    },
    {
      id: "devices",
      label: t("users.devices"),
      width: "minmax(140px, 1.5fr)",
      render: ({ upn }) => <DevicesOfUser devices={devices.get(upn) ?? []} t={t} />,
      sortValue: ({ upn }) => -(devices.get(upn)?.length ?? 0),
    },
    {
      id: "forwarding",
      label: t("users.forwarding"),
      width: "minmax(140px, 1.5fr)",
      render: (user) => forwardingText(t, user),
      sortValue: (user) => forwardingText(t, user),
    },
    {
      id: "doNotDisturb",
      label: t("users.doNotDisturb"),
      width: "minmax(130px, 0.8fr)",
      render: ({ doNotDisturb }) => t(doNotDisturb ? "users.on" : "users.off"),
      sortValue: ({ doNotDisturb }) => (doNotDisturb ? 0 : 1),
    },
  ];
}

/** `If busy: +14255550100`. */
export function forwardingText(t: TFunction, { forwarding }: User): string {
  if (forwarding === null) return t("users.when.never");
  return t("users.forwardingTo", { when: t(`users.when.${forwarding.when}`), to: forwarding.to });
}

function OpenUser({
  upn,
  onOpen,
}: {
  readonly upn: string;
  readonly onOpen: (upn: string) => void;
}) {
  const restoreFocus = useRestoreFocusTarget();
  return (
    <ActionLink as="button" {...restoreFocus} onClick={() => onOpen(upn)}>
      {upn}
    </ActionLink>
  );
}

function DevicesOfUser({
  devices,
  t,
}: {
  readonly devices: readonly Device[];
  readonly t: TFunction;
}) {
  if (devices.length === 0) return t("users.noDevice");
  const more = devices.length - devicesShown;
  return (
    <>
      {devices.slice(0, devicesShown).map(({ macAddress, location }, index) => (
        <span key={macAddress}>
          {index > 0 && ", "}
          <Link to={`/devices/${macAddress}`}>{location === "" ? macAddress : location}</Link>
        </span>
      ))}
      {more > 0 && ` ${t("users.moreDevices", { count: more })}`}
    </>
  );
}
