import {
  type AskingDevice,
  type AuthorizationPoll,
  type DeviceAuthorization,
  type IdentityProvider,
  IdentityProviderError,
} from "../../src/domain/sign-in.ts";

/** An outside identity provider that says what the test tells it to. */
export class ScriptedIdentityProvider implements IdentityProvider {
  /** What it says to each poll, by device code; where there is nothing, `pending`. */
  readonly answers = new Map<string, AuthorizationPoll[]>();
  /** The device codes that it was polled for, in order. */
  readonly polls: string[] = [];
  readonly asked: (AskingDevice | undefined)[] = [];
  /** Set: it gives no codes, for this reason. */
  failure: string | undefined;
  #given = 0;

  async authorizeDevice(device?: AskingDevice): Promise<DeviceAuthorization> {
    if (this.failure !== undefined) throw new IdentityProviderError(this.failure, undefined);
    this.asked.push(device);
    this.#given++;
    const userCode = `PY89F9J${this.#given}`;
    return {
      deviceCode: `device-code-${this.#given}`,
      userCode,
      verificationUri: "https://login.example/devicelogin",
      verificationUriComplete: `https://login.example/devicelogin?user_code=${userCode}`,
      lifetimeSeconds: 900,
      intervalSeconds: 5,
    };
  }

  async poll(deviceCode: string): Promise<AuthorizationPoll> {
    this.polls.push(deviceCode);
    return this.answers.get(deviceCode)?.shift() ?? { outcome: "pending", slowDown: false };
  }

  /** Adds what it says to the next polls for a code. */
  willSay(deviceCode: string, ...answers: readonly AuthorizationPoll[]): void {
    this.answers.set(deviceCode, [...(this.answers.get(deviceCode) ?? []), ...answers]);
  }
}
