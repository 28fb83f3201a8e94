import { MessageBar, MessageBarBody, makeStyles, tokens } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import type { Device } from "../../api/types.ts";
import { deviceName } from "./devices-of-users.ts";

const devicesShown = 8;

const useStyles = makeStyles({
  list: { margin: `${tokens.spacingVerticalXS} 0`, paddingInlineStart: tokens.spacingHorizontalXL },
});

/** Says which devices will be signed out; nothing where there is none. */
export function SignOutWarning({
  devices,
  reason,
}: {
  readonly devices: readonly Device[];
  readonly reason: string;
}) {
  const { t } = useTranslation();
  const styles = useStyles();
  if (devices.length === 0) return null;
  const more = devices.length - devicesShown;
  return (
    <MessageBar intent="warning" layout="multiline">
      <MessageBarBody>
        {reason} {t("users.signsOut", { count: devices.length })}
        <ul className={styles.list}>
          {devices.slice(0, devicesShown).map((device) => (
            <li key={device.macAddress}>{deviceName(device)}</li>
          ))}
        </ul>
        {more > 0 && t("users.moreDevices", { count: more })}
      </MessageBarBody>
    </MessageBar>
  );
}
