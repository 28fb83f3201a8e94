import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { type Ha1, ha1Of } from "./account.ts";
import { type Device, isEnrolled } from "./device.ts";
import { type MacAddress, readMacAddress } from "./mac-address.ts";

/**
 * The temporary account of a phone that nobody has signed in. It is not stored: its password is
 * derived from its name under a secret that all nodes share, so that a stranger who asks a
 * thousand times fills no table and pushes nobody out.
 */
export interface OnboardingAccount {
  /** `<mac>-<issued at, base 36>-<random>`. */
  readonly authenticationName: string;
  readonly password: string;
  /** The path segment of the next provisioning URL that goes with this account. */
  readonly urlSecret: string;
}

/** Which account a next URL or a digest names. */
export interface OnboardingAccountName {
  readonly macAddress: MacAddress;
  readonly issuedAtMilliseconds: number;
  readonly authenticationName: string;
}

/** 24 characters of base64url: 144 bits. */
const macCharacters = 24;

const nameForm = /^([0-9a-f]{12})-([0-9a-z]{1,9})-([0-9a-f]{8})$/;

/** Makes and recognises onboarding accounts. */
export class OnboardingAccounts {
  readonly #secret: Buffer;

  /** @param secret at least 32 random bytes, the same on all nodes. */
  constructor(secret: Buffer) {
    this.#secret = secret;
  }

  /** A fresh account for this MAC address. */
  issue(macAddress: MacAddress, nowMilliseconds: number): OnboardingAccount {
    const random = randomBytes(4).toString("hex");
    return this.derive(`${macAddress}-${nowMilliseconds.toString(36)}-${random}`);
  }

  /** The account that bears this name. */
  derive(authenticationName: string): OnboardingAccount {
    return {
      authenticationName,
      password: this.#mac("password", authenticationName),
      urlSecret: `${authenticationName}-${this.#mac("url", authenticationName)}`,
    };
  }

  /** The digest's H(A1) of an account in a realm. */
  ha1(authenticationName: string, realm: string): Ha1 {
    return ha1Of(authenticationName, realm, this.#mac("password", authenticationName));
  }

  /** The account whose next URL has this path segment, or undefined when it is forged. */
  fromUrlSecret(urlSecret: string): OnboardingAccountName | undefined {
    const name = readOnboardingAccountName(urlSecret.slice(0, -(macCharacters + 1)));
    if (name === undefined || urlSecret.at(-(macCharacters + 1)) !== "-") return undefined;
    const expected = Buffer.from(this.#mac("url", name.authenticationName));
    const given = Buffer.from(urlSecret.slice(-macCharacters));
    return expected.length === given.length && timingSafeEqual(expected, given) ? name : undefined;
  }

  #mac(purpose: "password" | "url", authenticationName: string): string {
    return createHmac("sha256", this.#secret)
      .update(`${purpose}\n${authenticationName}`)
      .digest("base64url")
      .slice(0, macCharacters);
  }
}

/** Takes an authentication name apart, or undefined when no onboarding account has such a name. */
export function readOnboardingAccountName(text: string): OnboardingAccountName | undefined {
  const match = nameForm.exec(text);
  if (match === null) return undefined;
  const reading = readMacAddress(match[1] ?? "");
  if (!reading.ok) return undefined;
  return {
    macAddress: reading.macAddress,
    issuedAtMilliseconds: Number.parseInt(match[2] ?? "", 36),
    authenticationName: text,
  };
}

/**
 * Whether an onboarding account still opens something for its device: until enrolment every
 * account issued since the last reset does; from then on only the one that dialled the code.
 */
export function isAccountValidFor(device: Device, account: OnboardingAccountName): boolean {
  if (account.issuedAtMilliseconds < device.accountsValidFromMilliseconds) return false;
  if (!isEnrolled(device)) return true;
  return device.enrolledAuthenticationName === account.authenticationName;
}
