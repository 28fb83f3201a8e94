import type { CallingPolicy, PolicySetting, PolicySettings } from "../../api/user-types.ts";

/** Settings that were switched and not saved yet. */
export type PolicyEdits = Readonly<Partial<Record<PolicySetting, boolean>>>;

/** What `Global` allows on a new gateway, and a policy that is not written yet. */
export const newPolicySettings: PolicySettings = {
  allowSipDevicesCalling: true,
  allowCallRedirect: true,
  allowPrivateCalling: true,
  allowCallForwardingToUser: true,
  allowCallForwardingToPhone: true,
  allowVoicemail: true,
  busyOnBusy: false,
  musicOnHold: true,
};

/** The edits after a switch; one that was switched back is none. */
export function withEdit(
  edits: PolicyEdits,
  settings: PolicySettings,
  setting: PolicySetting,
  value: boolean,
): PolicyEdits {
  const { [setting]: _former, ...others } = edits;
  return settings[setting] === value ? others : { ...others, [setting]: value };
}

/** Whether saving signs the policy's users out: they lose one of the two that SIP devices need. */
export function signsOut(policy: CallingPolicy, edits: PolicyEdits): boolean {
  const needed = ["allowSipDevicesCalling", "allowCallRedirect"] as const;
  return needed.some((setting) => policy[setting] && edits[setting] === false);
}
