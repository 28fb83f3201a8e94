import { type Static, Type } from "typebox";
import { longestDisplayName } from "../domain/put-user.ts";
import type { User } from "../domain/user.ts";
import { nullable } from "./schema-parts.ts";

const upnDescription = "User principal name, in any case; kept in lower case.";

/** The path parameter of a user. */
export const upnParams = Type.Object({
  upn: Type.String({ description: upnDescription, examples: ["adele@contoso.example"] }),
});

const forwardingSchema = Type.Object(
  {
    when: Type.Enum(["always", "no-answer", "busy", "simultaneous"]),
    to: Type.String({
      maxLength: 128,
      description: "A phone number in E.164 with a plus, or a user principal name.",
    }),
  },
  { additionalProperties: false },
);

const phoneNumberSchema = nullable(
  Type.String({ maxLength: 64, examples: ["+14255550100"] }),
  "E.164 with a plus; of one user only. Without one nobody can be signed in as this user.",
);

/** `User` of the admin API. */
export const userSchema = Type.Object(
  {
    upn: Type.String({ examples: ["adele@contoso.example"] }),
    displayName: Type.String(),
    phoneNumber: phoneNumberSchema,
    callingPolicy: Type.String({ description: "Name of the calling policy." }),
    forwarding: nullable(forwardingSchema, "Where calls go that the user does not take."),
    doNotDisturb: Type.Boolean(),
  },
  { $id: "User" },
);

/** What `PUT /users/{upn}` takes. */
export const userInput = Type.Object(
  {
    upn: Type.Optional(Type.String({ description: "As in the path, if it is given." })),
    displayName: Type.String({ description: `1 to ${longestDisplayName} characters.` }),
    phoneNumber: Type.Optional(phoneNumberSchema),
    callingPolicy: Type.Optional(Type.String({ default: "Global" })),
    forwarding: Type.Optional(nullable(forwardingSchema)),
    doNotDisturb: Type.Optional(Type.Boolean({ default: false })),
    password: Type.Optional(
      nullable(
        Type.String(),
        "For the built-in identity provider; never shown. Absent: as before; null: none.",
      ),
    ),
  },
  { additionalProperties: false },
);

/** A user as the admin API tells it. */
export type UserRepresentation = Static<typeof userSchema>;

/** The user's place in an answer. */
export const userReference = Type.Unsafe<UserRepresentation>(
  Type.Ref("User", { description: "The user as it now stands." }),
);

/** Tells a user, the password's hash left out. */
export function presentUser(user: User): UserRepresentation {
  const { upn, displayName, phoneNumber, callingPolicy, forwarding, doNotDisturb } = user;
  return { upn, displayName, phoneNumber, callingPolicy, forwarding, doNotDisturb };
}
