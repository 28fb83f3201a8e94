import { type Device, isEnrolled } from "../domain/device.ts";
import { isAccountValidFor, type OnboardingAccountName } from "../domain/onboarding-account.ts";

/** Who gets a configuration: any compatible phone, MACs an administrator entered, or those and a secret. */
export type AccessMode = "open" | "known" | "token";

/** Which account a phone is given, or why it is given none. */
export type Access =
  | { readonly give: "fresh-account" }
  | { readonly give: "account"; readonly authenticationName: string }
  | { readonly give: "nothing"; readonly reason: string };

/** What a phone asked with. */
export interface AccessRequest {
  readonly mode: AccessMode;
  /** Undefined when the gateway has never heard of this MAC. */
  readonly device: Device | undefined;
  /** The account that the next URL in the request belongs to; `"forged"` when its secret is no secret of ours. */
  readonly presented: OnboardingAccountName | "forged" | undefined;
}

/**
 * Decides by the access mode (CONTRACT, Provisioning). In mode `token` the plain URL answers until
 * enrolment, each time with a fresh account that opens nothing but `*55*`; from enrolment on only
 * the next URL that goes with the enrolled account does, so that a stranger who knows the MAC gets
 * nothing and pushes nobody out.
 */
export function decideAccess({ mode, device, presented }: AccessRequest): Access {
  if (mode === "known" && (device === undefined || device.state === "seen")) {
    return nothing("No administrator has added this MAC address; add it to provision the phone.");
  }
  if (device === undefined) return { give: "fresh-account" };
  if (!isEnrolled(device)) return beforeEnrolment(device, presented);
  if (device.enrolledAuthenticationName === null) {
    return nothing("This device's account was not made for a phone. Reset the device first.");
  }
  if (mode !== "token") return account(device.enrolledAuthenticationName);
  return withSecretOnly(device, device.enrolledAuthenticationName, presented);
}

function beforeEnrolment(device: Device, presented: AccessRequest["presented"]): Access {
  if (presented === undefined || presented === "forged") return { give: "fresh-account" };
  if (presented.macAddress !== device.macAddress) return { give: "fresh-account" };
  return isAccountValidFor(device, presented)
    ? account(presented.authenticationName)
    : { give: "fresh-account" };
}

function withSecretOnly(
  device: Device,
  enrolledAuthenticationName: string,
  presented: AccessRequest["presented"],
): Access {
  if (presented === undefined) {
    return nothing(
      "The phone is enrolled: only its own next URL answers. If it was reset to factory defaults, reset the device here.",
    );
  }
  if (
    presented === "forged" ||
    presented.macAddress !== device.macAddress ||
    presented.authenticationName !== enrolledAuthenticationName
  ) {
    return nothing("The secret in the URL is not the one of this enrolled phone.");
  }
  return account(enrolledAuthenticationName);
}

function account(authenticationName: string): Access {
  return { give: "account", authenticationName };
}

function nothing(reason: string): Access {
  return { give: "nothing", reason };
}
