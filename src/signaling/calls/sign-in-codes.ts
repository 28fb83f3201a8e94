import type { MacAddress } from "../../domain/mac-address.ts";
import type { PhoneSignInOutcome, PhoneSignInRequest } from "../../domain/phone-sign-ins.ts";
import { IdentityProviderError } from "../../domain/sign-in.ts";
import type { SignOutOutcome } from "../../domain/sign-out-device.ts";
import type { TenantId } from "../../domain/tenant.ts";
import type { ConfirmationTone } from "../announcements/confirmation-tone.ts";
import { spellCode } from "../announcements/spell-code.ts";
import type { SpokenWords } from "../announcements/spoken-words.ts";
import type { SignalingLogger } from "../signaling-logger.ts";
import {
  type FeatureCaller,
  type FeatureOutcome,
  type FeatureService,
  refuseFeature,
} from "./feature-outcome.ts";

/** Sign-in and sign-out that a phone asks for itself. */
export interface OwnSignIns {
  /** @throws IdentityProviderError when no pairing code is to be had */
  startSignInFromPhone(request: PhoneSignInRequest): Promise<PhoneSignInOutcome>;
  /** Signs this user out. */
  signOutFromPhone(
    tenantId: TenantId,
    macAddress: MacAddress,
    upn: string,
  ): Promise<SignOutOutcome>;
}

/** What the codes of sign-in need. */
export interface SignInCodesDependencies {
  /** Undefined while the gateway is still starting. */
  readonly signIns: () => OwnSignIns | undefined;
  readonly words: SpokenWords;
  readonly tone: ConfirmationTone;
  readonly logger: SignalingLogger;
}

/**
 * The feature codes of the gateway's own for phones without a screen: `*56*` begins a sign-in and
 * speaks its pairing code, also on a phone that is not enrolled; `*57*` signs out.
 */
export class SignInCodes {
  readonly #needs: SignInCodesDependencies;
  /** By the two digits of the code. */
  readonly services: Readonly<Record<string, FeatureService>> = {
    56: (caller) => this.#signIn(caller),
    57: (caller) => this.#signOut(caller),
  };

  constructor(dependencies: SignInCodesDependencies) {
    this.#needs = dependencies;
  }

  async #signIn({ credential, address }: FeatureCaller): Promise<FeatureOutcome> {
    const { tenantId, macAddress, authenticationName, upn } = credential;
    if (upn !== null || macAddress === null) return alreadySignedIn;
    const signIns = this.#needs.signIns();
    if (signIns === undefined) return stillStarting;
    try {
      const request = { tenantId, macAddress, authenticationName, address };
      return await this.#tell(await signIns.startSignInFromPhone(request));
    } catch (error) {
      if (!(error instanceof IdentityProviderError)) throw error;
      this.#needs.logger.warn({ err: error }, "A phone that dialled for a sign-in got no code");
      return refuseFeature(503, "The identity provider gives no pairing code; try again later");
    }
  }

  async #tell(result: PhoneSignInOutcome): Promise<FeatureOutcome> {
    switch (result.outcome) {
      case "started": {
        const utterances = spellCode(result.signIn.userCode);
        if (utterances === undefined) {
          return refuseFeature(503, "The pairing code cannot be spoken; ask your administrator");
        }
        return { ok: true, sound: await this.#needs.words.say(utterances) };
      }
      case "signed-in":
        return alreadySignedIn;
      case "limited":
        return refuseFeature(403, "Too many sign-ins were started; try again later");
      case "refused":
        return refuseFeature(403, result.reason.replace(/\.$/, ""));
    }
  }

  async #signOut({ credential }: FeatureCaller): Promise<FeatureOutcome> {
    const { tenantId, macAddress, upn } = credential;
    if (upn === null) return nobodySignedIn;
    if (macAddress === null) {
      return refuseFeature(403, "This account is not of a phone that can be signed out");
    }
    const signIns = this.#needs.signIns();
    if (signIns === undefined) return stillStarting;
    const { outcome } = await signIns.signOutFromPhone(tenantId, macAddress, upn);
    return outcome === "signed-out" ? { ok: true, sound: this.#needs.tone } : nobodySignedIn;
  }
}

const alreadySignedIn = refuseFeature(403, "Somebody is signed in on this phone already");
const nobodySignedIn = refuseFeature(403, "Nobody is signed in on this phone");
const stillStarting = refuseFeature(503, "The gateway is still starting; try again");
