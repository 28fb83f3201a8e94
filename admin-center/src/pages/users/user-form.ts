import type { ForwardingOccasion, User, UserInput } from "../../api/user-types.ts";

/** A user as it is being written. */
export interface UserForm {
  readonly upn: string;
  readonly displayName: string;
  readonly phoneNumber: string;
  readonly callingPolicy: string;
  readonly forwardingWhen: ForwardingOccasion | "never";
  readonly forwardingTo: string;
  readonly doNotDisturb: boolean;
  /** Empty: it stays as it is. */
  readonly password: string;
  readonly removesPassword: boolean;
}

/** The fields that can be at fault, named as the API names them. */
export type UserField = "upn" | "displayName" | "phoneNumber" | "forwarding" | "password";

/** What is wrong, as a word's key below `users.fault`. */
export type UserFaults = Readonly<Partial<Record<UserField, string>>>;

/** A user who is not written yet. */
export const newUserForm: UserForm = {
  upn: "",
  displayName: "",
  phoneNumber: "",
  callingPolicy: "Global",
  forwardingWhen: "never",
  forwardingTo: "",
  doNotDisturb: false,
  password: "",
  removesPassword: false,
};

/** A user as the form shows it. */
export function formOf(user: User): UserForm {
  return {
    ...newUserForm,
    upn: user.upn,
    displayName: user.displayName,
    phoneNumber: user.phoneNumber ?? "",
    callingPolicy: user.callingPolicy,
    forwardingWhen: user.forwarding?.when ?? "never",
    forwardingTo: user.forwarding?.to ?? "",
    doNotDisturb: user.doNotDisturb,
  };
}

/** A phone number as it is kept: E.164 with a plus; undefined when it is none. */
export function readPhoneNumber(text: string): string | undefined {
  const digits = text.trim().replaceAll(/[ .()-]/g, "");
  return text.length <= 40 && /^\+[1-9][0-9]{6,14}$/.test(digits) ? digits : undefined;
}

/** A user principal name as it is kept; undefined when it is none. */
export function readUpn(text: string): string | undefined {
  const upn = text.trim().toLowerCase();
  const form = /^[a-z0-9](?:[a-z0-9._'+-]{0,62}[a-z0-9])?@(?:[a-z0-9-]{1,63}\.)*[a-z0-9-]{1,63}$/;
  return text.length <= 113 && form.test(upn) && !upn.includes("..") ? upn : undefined;
}

/** What of the form the gateway would refuse, whatever else there is; it judges the rest. */
export function faultsOf(form: UserForm): UserFaults {
  const name = form.displayName.trim();
  const forwards = form.forwardingWhen !== "never";
  return {
    ...(readUpn(form.upn) === undefined ? { upn: "upn" } : {}),
    ...(name === "" || name.length > 256 ? { displayName: "displayName" } : {}),
    ...(/\p{Cc}/u.test(name) ? { displayName: "displayNameLine" } : {}),
    ...(form.phoneNumber.trim() !== "" && readPhoneNumber(form.phoneNumber) === undefined
      ? { phoneNumber: "phoneNumber" }
      : {}),
    ...(forwards && readTarget(form.forwardingTo) === undefined
      ? { forwarding: "forwarding" }
      : {}),
    ...(form.password.length > 256 ? { password: "password" } : {}),
  };
}

function readTarget(text: string): string | undefined {
  return text.includes("@") ? readUpn(text) : readPhoneNumber(text);
}

/** What was changed against what the form began with, as `PUT /users/{upn}` takes it. */
export function changesOf(form: UserForm, former: UserForm): Partial<UserInput> {
  const changes = new Set(
    (Object.keys(form) as (keyof UserForm)[]).filter((field) => form[field] !== former[field]),
  );
  const forwards = changes.has("forwardingWhen") || changes.has("forwardingTo");
  return {
    ...(changes.has("displayName") ? { displayName: form.displayName.trim() } : {}),
    ...(changes.has("phoneNumber")
      ? { phoneNumber: readPhoneNumber(form.phoneNumber) ?? null }
      : {}),
    ...(changes.has("callingPolicy") ? { callingPolicy: form.callingPolicy } : {}),
    ...(forwards ? { forwarding: forwardingOf(form) } : {}),
    ...(changes.has("doNotDisturb") ? { doNotDisturb: form.doNotDisturb } : {}),
    ...passwordOf(form),
  };
}

function forwardingOf({ forwardingWhen, forwardingTo }: UserForm): User["forwarding"] {
  const to = readTarget(forwardingTo);
  return forwardingWhen === "never" || to === undefined ? null : { when: forwardingWhen, to };
}

function passwordOf({ password, removesPassword }: UserForm): Partial<UserInput> {
  if (removesPassword) return { password: null };
  return password === "" ? {} : { password };
}
