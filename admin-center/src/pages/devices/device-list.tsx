import { makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Device } from "../../api/types.ts";

/** More would not be read. */
const mostShown = 100;

const useStyles = makeStyles({
  list: {
    maxHeight: "220px",
    overflowY: "auto",
    margin: `${tokens.spacingVerticalS} 0`,
    padding: tokens.spacingHorizontalS,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusMedium,
    overflowWrap: "anywhere",
  },
  items: { margin: 0, paddingInlineStart: tokens.spacingHorizontalL },
});

/** Devices by name, as many as can be read, and how many more there are. */
export function DeviceList({
  label,
  devices,
  render,
}: {
  readonly label: string;
  readonly devices: readonly Device[];
  readonly render: (device: Device) => ReactNode;
}) {
  const { t } = useTranslation();
  const styles = useStyles();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard (WCAG 2.1.1)
    <section className={styles.list} aria-label={label} tabIndex={0}>
      <ul className={styles.items}>
        {devices.slice(0, mostShown).map((device) => (
          <li key={device.macAddress}>{render(device)}</li>
        ))}
      </ul>
      {devices.length > mostShown && t("devices.bulk.more", { count: devices.length - mostShown })}
    </section>
  );
}
