import { type ForwardOwnCallsOutcome, forwardOwnCalls } from "../../domain/forward-own-calls.ts";
import { phoneActor, type Recording, recordDeviceEvent } from "../../domain/record-device-event.ts";
import type { Stores } from "../../domain/stores.ts";
import type { CallHandling, Forwarding, User } from "../../domain/user.ts";
import type { ConfirmationTone } from "../announcements/confirmation-tone.ts";
import type { CallingRights } from "./calling-rights.ts";
import {
  type FeatureCaller,
  type FeatureOutcome,
  type FeatureService,
  refuseFeature,
} from "./feature-outcome.ts";

/** What the codes of call handling need. */
export type CallHandlingCodesDependencies = Recording &
  Pick<Stores, "users"> & {
    readonly rights: CallingRights;
    readonly tone: ConfirmationTone;
  };

/** A user who changes how his own calls are handled. */
interface OwnUser {
  readonly caller: FeatureCaller;
  readonly user: User;
}

/**
 * The feature codes by which a signed-in user says what becomes of calls for him (Microsoft's list):
 * do not disturb, and forwarding. What he changes stands in his device's history.
 */
export class CallHandlingCodes {
  readonly #needs: CallHandlingCodesDependencies;
  /** By the two digits of the code. */
  readonly services: Readonly<Record<string, FeatureService>> = {
    30: this.#ofUser((own) =>
      this.#change(own, { doNotDisturb: true }, "Do not disturb was turned on."),
    ),
    31: this.#ofUser((own) =>
      this.#change(own, { doNotDisturb: false }, "Do not disturb was turned off."),
    ),
    32: this.#ofUser((own) =>
      this.#change(own, { forwarding: null }, "Forwarding of calls was ended."),
    ),
    33: this.#ofUser((own, number) => this.#forward(own, "always", number)),
    34: this.#ofUser((own, number) => this.#forward(own, "no-answer", number)),
    35: this.#ofUser((own, number) => this.#forward(own, "simultaneous", number)),
    99: this.#ofUser((own) => this.#voicemail(own)),
  };

  constructor(dependencies: CallHandlingCodesDependencies) {
    this.#needs = dependencies;
  }

  #ofUser(service: (own: OwnUser, argument: string) => Promise<FeatureOutcome>): FeatureService {
    return async (caller, argument) => {
      const { tenantId, upn } = caller.credential;
      if (upn === null) return refuseFeature(403, "Sign in to use this feature code");
      const { rights, users } = this.#needs;
      const user = await users.find(tenantId, upn);
      if (user === undefined || !(await rights.mayCall(tenantId, upn))) {
        return refuseFeature(403, "Your calling policy does not allow calls from SIP devices");
      }
      return service({ caller, user }, argument);
    };
  }

  async #change(
    { caller, user }: OwnUser,
    changes: Partial<CallHandling>,
    text: string,
  ): Promise<FeatureOutcome> {
    const { users, tone } = this.#needs;
    if (!(await users.setCallHandling(user.tenantId, user.upn, changes))) return noUser;
    await this.#record(caller, text);
    return { ok: true, sound: tone };
  }

  async #forward(
    { caller, user }: OwnUser,
    when: Forwarding["when"],
    dialed: string,
  ): Promise<FeatureOutcome> {
    const { rights, users, tone } = this.#needs;
    const policy = await rights.policyNamed(user.tenantId, user.callingPolicy);
    const result = await forwardOwnCalls(users, user, policy, { when, dialed });
    if (result.outcome !== "forwarded") return refusalOf(result.outcome);
    await this.#record(caller, `${wordsOf[when]} ${result.forwarding.to}.`);
    return { ok: true, sound: tone };
  }

  async #voicemail({ user }: OwnUser): Promise<FeatureOutcome> {
    const policy = await this.#needs.rights.policyNamed(user.tenantId, user.callingPolicy);
    return policy.allowVoicemail
      ? refuseFeature(404, "This gateway has no voicemail")
      : refuseFeature(403, "Your calling policy does not allow voicemail");
  }

  async #record({ credential }: FeatureCaller, text: string): Promise<void> {
    const { tenantId, macAddress } = credential;
    if (macAddress === null) return;
    const event = { tenantId, macAddress, kind: "feature-code", text, actor: phoneActor } as const;
    await recordDeviceEvent(this.#needs, event);
  }
}

const wordsOf = {
  always: "All calls are forwarded to",
  busy: "Calls while busy are forwarded to",
  "no-answer": "Calls that are not answered are forwarded to",
  simultaneous: "Calls ring at the same time at",
} as const satisfies Record<Forwarding["when"], string>;

const noUser = refuseFeature(403, "You are not a user of this gateway any more");

function refusalOf(
  outcome: Exclude<ForwardOwnCallsOutcome["outcome"], "forwarded">,
): FeatureOutcome {
  switch (outcome) {
    case "incomplete":
      return refuseFeature(484, "Forwarding number incomplete");
    case "no-number":
      return refuseFeature(404, "The forwarding number is not an international phone number");
    case "own-number":
      return refuseFeature(403, "Calls cannot be forwarded to your own number");
    case "to-users-not-allowed":
      return refuseFeature(403, "Your calling policy does not allow forwarding to users");
    case "to-numbers-not-allowed":
      return refuseFeature(403, "Your calling policy does not allow forwarding to phone numbers");
    case "no-user":
      return noUser;
  }
}
