import type { PageAction, PhonePage } from "../../provisioning-http/phone-page.ts";
import type { Device } from "../domain/device.ts";
import { isEnrolled } from "../domain/device.ts";
import type { SignIn } from "../domain/sign-in.ts";
import type { Tenant } from "../domain/tenant.ts";
import { codeDigits } from "../domain/verification-code.ts";

/** How often a phone asks whether its user has signed in, in seconds. */
const refreshSeconds = 10;

/** In characters; Yealink's phones take no page of more than 10,000 bytes. */
const longestReason = 500;

const exit: PageAction = { label: "Exit", target: "exit" };
const menu: PageAction = { label: "Back", target: { page: "menu" } };

/**
 * What the phone's key opens: what can be done on it now.
 * @param userName whoever is signed in; undefined when nobody is
 */
export function menuPage(tenant: Tenant, device: Device, userName: string | undefined): PhonePage {
  if (userName !== undefined) {
    const title = `${tenant.name}: ${userName}`;
    return {
      kind: "menu",
      title,
      actions: [{ label: "Sign out", target: { page: "sign-out" } }, exit],
    };
  }
  const signIn: PageAction = { label: "Sign in", target: { page: "sign-in" } };
  if (isEnrolled(device)) return { kind: "menu", title: tenant.name, actions: [signIn, exit] };
  const provision: PageAction = { label: "Provision device", target: { page: "provision" } };
  return { kind: "menu", title: "SIP Gateway", actions: [signIn, provision, exit] };
}

/** Where the user goes and what they type there; the phone looks again until it is done. */
export function pairingPage({ id, verificationUri, userCode }: SignIn): PhonePage {
  const target = { page: "sign-in", values: { id } } as const;
  return {
    kind: "text",
    title: "Sign in",
    lines: [`Sign In: ${verificationUri}`, `Pair Code: ${userCode}`],
    actions: [{ label: "Refresh", target }, exit],
    refresh: { seconds: refreshSeconds, target },
  };
}

/** A sign-in that came to nothing, and why. */
export function failedSignInPage(reason: string): PhonePage {
  const again: PageAction = { label: "Try again", target: { page: "sign-in" } };
  const lines = [reason.slice(0, longestReason)];
  return { kind: "text", title: "Not signed in", lines, actions: [again, exit] };
}

/** @param userName as the tenant names them, with their number where there is one */
export function signedInPage(userName: string): PhonePage {
  const lines = [`Signed in as ${userName}.`];
  return { kind: "text", title: "Signed in", lines, actions: [exit] };
}

/** The field for the verification code. */
export function codePage(): PhonePage {
  return {
    kind: "input",
    title: "Provision device",
    label: `Verification code (${codeDigits} digits):`,
    parameter: "code",
    target: { page: "provision", changes: true },
  };
}

/** The code was right: the device is the tenant's. */
export function provisionedPage(tenant: Tenant): PhonePage {
  const signIn: PageAction = { label: "Sign in", target: { page: "sign-in" } };
  const lines = [`This phone belongs to ${tenant.name} now.`];
  return { kind: "text", title: "Provisioned", lines, actions: [signIn, exit] };
}

/** The code was not taken, and why. */
export function refusedCodePage(reason: string): PhonePage {
  const again: PageAction = { label: "Try again", target: { page: "provision" } };
  return { kind: "text", title: "Provision device", lines: [reason], actions: [again, exit] };
}

/**
 * Asks before signing out: who opens a page by mistake, or before it is asked for, signs nobody out.
 * @param confirm what the answer carries
 */
export function confirmSignOutPage(userName: string, confirm: string): PhonePage {
  const target = { page: "sign-out", values: { confirm }, changes: true } as const;
  return {
    kind: "text",
    title: "Sign out",
    lines: [`Sign out ${userName}?`],
    actions: [{ label: "Sign out", target }, menu],
  };
}

/** Nobody is signed in any more. */
export function signedOutPage(): PhonePage {
  return { kind: "text", title: "Sign out", lines: ["Signed out."], actions: [menu, exit] };
}
