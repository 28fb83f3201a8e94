import type { CallingPolicySettings } from "../domain/calling-policy.ts";

/**
 * A policy's settings alone, whatever else the object holds, always in the same order: two texts
 * made from them are equal when the settings are.
 */
export function encodePolicySettings(settings: CallingPolicySettings): string {
  const alone: CallingPolicySettings = {
    allowSipDevicesCalling: settings.allowSipDevicesCalling,
    allowPrivateCalling: settings.allowPrivateCalling,
    allowCallForwardingToUser: settings.allowCallForwardingToUser,
    allowCallForwardingToPhone: settings.allowCallForwardingToPhone,
    allowVoicemail: settings.allowVoicemail,
    allowCallRedirect: settings.allowCallRedirect,
    busyOnBusy: settings.busyOnBusy,
    musicOnHold: settings.musicOnHold,
  };
  return JSON.stringify(alone);
}
