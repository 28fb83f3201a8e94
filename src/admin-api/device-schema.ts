import { type Static, Type } from "typebox";
import { deviceStates } from "../domain/device.ts";
import { attentionCodes } from "../domain/device-attention.ts";
import { macAddressSchema, nullable, timeSchema } from "./schema-parts.ts";

/** `Device` of the admin API. */
export const deviceSchema = Type.Object(
  {
    macAddress: macAddressSchema,
    location: Type.String(),
    state: Type.Enum([...deviceStates]),
    vendor: nullable(Type.String()),
    model: nullable(Type.String()),
    firmware: nullable(Type.String()),
    supported: nullable(Type.Boolean(), "Null until its requests have told."),
    unsupportedReason: nullable(Type.String()),
    region: nullable(Type.String()),
    language: nullable(Type.String()),
    ipAddress: nullable(Type.String()),
    online: Type.Boolean({ description: "Whether a live registration stands." }),
    registeredAt: nullable(timeSchema),
    registrationExpiresAt: nullable(timeSchema),
    lastSeenAt: nullable(timeSchema),
    offBoardsAt: nullable(
      timeSchema,
      "When it goes back to waiting-on-activation if it stays offline: after 30 days signed in, 14 days signed out or waiting for sign-in. Null while it is online, not enrolled, or less than an hour away.",
    ),
    lastRequest: nullable(
      Type.Object({
        at: timeSchema,
        path: Type.String({ description: "Without secrets." }),
        userAgent: Type.String(),
        status: Type.Integer(),
        note: Type.String({ description: "Why it was refused; empty when all went well." }),
      }),
    ),
    tenantName: Type.String(),
    user: nullable(
      Type.Object({
        upn: Type.String(),
        displayName: Type.String(),
        phoneNumber: nullable(Type.String()),
      }),
      "Who is signed in.",
    ),
    policy: nullable(
      Type.Object({
        name: Type.String(),
        assignedVersion: Type.Integer(),
        appliedVersion: nullable(Type.Integer()),
        pendingSince: nullable(timeSchema),
        lastSyncedAt: nullable(timeSchema),
      }),
      "How far the calling policy has reached the phone; null while nobody is signed in.",
    ),
    verificationCode: nullable(
      Type.Object({ code: Type.String(), expiresAt: timeSchema }),
      "The code that can be dialled now.",
    ),
    attention: Type.Array(
      Type.Object({
        code: Type.Enum([...attentionCodes]),
        text: Type.String({ description: "What it is and what to do." }),
      }),
      { description: "What an administrator should look at, the gravest first." },
    ),
  },
  { $id: "Device" },
);

/** A device as the admin API tells it. */
export type DeviceRepresentation = Static<typeof deviceSchema>;

/** The device's place in an answer. */
export const deviceReference = Type.Unsafe<DeviceRepresentation>(
  Type.Ref("Device", { description: "The device as it now stands." }),
);
