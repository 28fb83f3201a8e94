import { Badge, makeStyles, Text, tokens } from "@fluentui/react-components";
import { WarningRegular } from "@fluentui/react-icons";
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Device } from "../../api/types.ts";
import type { Column } from "../../parts/data-table.tsx";
import { macOrder } from "../../parts/mac-order.ts";
import { TimeText, useNow } from "../../parts/time-text.tsx";
import { codeStanding, formatTimeLeft } from "./code-standing.ts";

const useStyles = makeStyles({
  warning: { display: "inline-flex", alignItems: "center", gap: tokens.spacingHorizontalXS },
});

/** Columns that both tabs have: which phone it is, and how it stands. */
export function phoneColumns(t: TFunction): readonly Column<Device>[] {
  return [
    {
      id: "macAddress",
      label: t("device.macAddress"),
      width: "minmax(150px, 1fr)",
      render: ({ macAddress }) => <Link to={`/devices/${macAddress}`}>{macAddress}</Link>,
      sortValue: ({ macAddress }) => macOrder(macAddress),
    },
    {
      id: "location",
      label: t("device.location"),
      width: "minmax(120px, 2fr)",
      render: ({ location }) => <span title={location}>{location}</span>,
      sortValue: ({ location }) => location,
    },
    {
      id: "model",
      label: t("provision.model"),
      width: "minmax(110px, 1fr)",
      render: (device) => modelOf(device),
      sortValue: modelOf,
    },
    {
      id: "phone",
      label: t("provision.phone"),
      width: "minmax(200px, 2fr)",
      render: (device) => <PhoneStanding device={device} />,
      sortValue: ({ online, lastSeenAt }) => (online ? "9" : (lastSeenAt ?? "")),
    },
  ];
}

/** The verification code, and its time left. */
export function codeColumns(t: TFunction): readonly Column<Device>[] {
  return [
    {
      id: "code",
      label: t("provision.code"),
      width: "minmax(160px, 1fr)",
      render: (device) => <CodeText device={device} />,
      sortValue: ({ verificationCode }) => verificationCode?.code ?? "",
    },
    {
      id: "timeLeft",
      label: t("provision.timeLeft"),
      width: "minmax(135px, 1fr)",
      render: (device) => <CodeTimeLeft device={device} />,
      sortValue: ({ verificationCode }) => verificationCode?.expiresAt ?? "",
    },
  ];
}

function modelOf({ vendor, model }: Device): string {
  return [vendor, model].filter((part) => part !== null).join(" ");
}

/** What an administrator should know of a phone that is waited for: what is wrong, else whether it is there. */
function PhoneStanding({ device }: { readonly device: Device }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const wrong = device.attention.find(
    ({ code }) => code !== "code-expired" && code !== "code-locked",
  );
  if (wrong !== undefined) {
    return (
      <span className={styles.warning} title={wrong.text}>
        <WarningRegular aria-hidden="true" />
        {wrong.text}
      </span>
    );
  }
  if (device.online) {
    const isForSignIn = device.state === "waiting-for-sign-in";
    return t(isForSignIn ? "provision.onlineForSignIn" : "provision.online");
  }
  if (device.lastSeenAt === null) return t("provision.neverSeen");
  return (
    <>
      {t("provision.lastSeen")} <TimeText at={device.lastSeenAt} />
    </>
  );
}

function CodeText({ device }: { readonly device: Device }) {
  const standing = codeStanding(device, useNow());
  if (standing.kind !== "usable") return <Nothing />;
  return <Text font="monospace">{standing.code}</Text>;
}

function CodeTimeLeft({ device }: { readonly device: Device }) {
  const { t, i18n } = useTranslation();
  const standing = codeStanding(device, useNow());
  switch (standing.kind) {
    case "none":
      return <Nothing />;
    case "expired":
    case "locked":
      return (
        <Badge appearance="tint" color="warning" shape="rounded">
          {t(`provision.${standing.kind}`)}
        </Badge>
      );
    case "usable":
      return (
        <time dateTime={device.verificationCode?.expiresAt}>
          {formatTimeLeft(standing.millisecondsLeft, i18n.language)}
        </time>
      );
  }
}

function Nothing() {
  return <span aria-hidden="true">–</span>;
}
