import { type Static, Type } from "typebox";
import type { CallingPolicy, CallingPolicySettings } from "../domain/calling-policy.ts";
import { formatTime, timeSchema } from "./schema-parts.ts";

/** What each setting of a policy means. */
const meanings: Readonly<Record<keyof CallingPolicySettings, string>> = {
  allowSipDevicesCalling: "SIP devices can be used for calls; needed to be signed in on one.",
  allowPrivateCalling: "Calls can be made and taken.",
  allowCallForwardingToUser: "Calls can be forwarded to other users.",
  allowCallForwardingToPhone: "Calls can be forwarded to phone numbers.",
  allowVoicemail: "Calls that are not taken can go to voicemail.",
  allowCallRedirect: "Needed, too, to be signed in on a SIP device.",
  busyOnBusy: "Who is in a call is busy for another.",
  musicOnHold: "Who is put on hold hears music.",
};

const settings = {
  allowSipDevicesCalling: Type.Boolean({ description: meanings.allowSipDevicesCalling }),
  allowPrivateCalling: Type.Boolean({ description: meanings.allowPrivateCalling }),
  allowCallForwardingToUser: Type.Boolean({ description: meanings.allowCallForwardingToUser }),
  allowCallForwardingToPhone: Type.Boolean({ description: meanings.allowCallForwardingToPhone }),
  allowVoicemail: Type.Boolean({ description: meanings.allowVoicemail }),
  allowCallRedirect: Type.Boolean({ description: meanings.allowCallRedirect }),
  busyOnBusy: Type.Boolean({ description: meanings.busyOnBusy }),
  musicOnHold: Type.Boolean({ description: meanings.musicOnHold }),
};

/** `CallingPolicy` of the admin API. */
export const policySchema = Type.Object(
  {
    name: Type.String({ examples: ["Global"] }),
    ...settings,
    version: Type.Integer({ description: "Counts up with each change." }),
    changedAt: timeSchema,
  },
  { $id: "CallingPolicy" },
);

/**
 * What `PUT /calling-policies/{name}` takes: a setting that is absent stays as it is, and is
 * `Global`'s first value in a new policy. What a GET told can be sent back.
 */
export const policyInput = Type.Object(
  {
    ...Type.Partial(Type.Object(settings)).properties,
    name: Type.Optional(Type.String({ description: "As in the path, if it is given." })),
    version: Type.Optional(Type.Integer({ description: "Ignored: the gateway counts." })),
    changedAt: Type.Optional(Type.String({ description: "Ignored." })),
  },
  { additionalProperties: false },
);

/** A policy as the admin API tells it. */
export type PolicyRepresentation = Static<typeof policySchema>;

/** The policy's place in an answer. */
export const policyReference = Type.Unsafe<PolicyRepresentation>(
  Type.Ref("CallingPolicy", { description: "The policy as it now stands." }),
);

/** Tells a policy. */
export function presentPolicy(policy: CallingPolicy): PolicyRepresentation {
  const { tenantId: _tenantId, changedAtMilliseconds, ...told } = policy;
  return { ...told, changedAt: formatTime(changedAtMilliseconds) };
}
