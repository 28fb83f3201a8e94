import { Caption1, makeStyles, Switch, Text, tokens } from "@fluentui/react-components";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import { type PolicySetting, type PolicySettings, policySettings } from "../../api/user-types.ts";

/** The settings' names in Microsoft's `Set-CsTeamsCallingPolicy`. */
const microsoftNames: Readonly<Record<PolicySetting, string>> = {
  allowSipDevicesCalling: "AllowSIPDevicesCalling",
  allowCallRedirect: "AllowCallRedirect",
  allowPrivateCalling: "AllowPrivateCalling",
  allowCallForwardingToUser: "AllowCallForwardingToUser",
  allowCallForwardingToPhone: "AllowCallForwardingToPhone",
  allowVoicemail: "AllowVoicemail",
  busyOnBusy: "BusyOnBusyEnabledType",
  musicOnHold: "MusicOnHoldEnabledType",
};

const useStyles = makeStyles({
  list: { display: "grid", gap: tokens.spacingVerticalS },
  text: { display: "grid", paddingInlineStart: "60px" },
  name: { color: tokens.colorNeutralForeground2, fontFamily: tokens.fontFamilyMonospace },
});

/** The switches of a calling policy, each with what it means and with Microsoft's name. */
export function PolicySwitches({
  settings,
  disabled,
  onSwitch,
}: {
  readonly settings: PolicySettings;
  readonly disabled: boolean;
  readonly onSwitch: (setting: PolicySetting, value: boolean) => void;
}) {
  const styles = useStyles();
  return (
    <div className={styles.list}>
      {policySettings.map((setting) => (
        <PolicySwitch
          key={setting}
          setting={setting}
          checked={settings[setting]}
          disabled={disabled}
          onSwitch={onSwitch}
        />
      ))}
    </div>
  );
}

function PolicySwitch({
  setting,
  checked,
  disabled,
  onSwitch,
}: {
  readonly setting: PolicySetting;
  readonly checked: boolean;
  readonly disabled: boolean;
  readonly onSwitch: (setting: PolicySetting, value: boolean) => void;
}) {
  const { t } = useTranslation();
  const styles = useStyles();
  const textId = useId();
  return (
    <div>
      <Switch
        label={t(`policies.setting.${setting}`)}
        aria-describedby={textId}
        checked={checked}
        disabled={disabled}
        onChange={(_, data) => onSwitch(setting, data.checked)}
      />
      <div id={textId} className={styles.text}>
        <Text size={200}>{t(`policies.meaning.${setting}`)}</Text>
        <Caption1 className={styles.name}>{microsoftNames[setting]}</Caption1>
      </div>
    </div>
  );
}
