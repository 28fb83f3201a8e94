import type { StartedSignIn } from "../sign-in-as-person.ts";

/** A user of the demo, password included. */
export interface DemoUser {
  readonly upn: string;
  readonly displayName: string;
  readonly phoneNumber: string;
  readonly password: string;
}

/** The administrator's part in the demo, over the admin API. Every call throws Error when it is refused. */
export class DemoAdministrator {
  readonly #adminUrl: string;
  readonly #token: string;

  /** @param access the admin center's URL without a path, and the bearer token */
  constructor({ adminUrl, token }: { readonly adminUrl: string; readonly token: string }) {
    this.#adminUrl = adminUrl;
    this.#token = token;
  }

  /** Writes a user. */
  async putUser({ upn, ...user }: DemoUser): Promise<void> {
    await this.#call("PUT", `/users/${encodeURIComponent(upn)}`, user);
  }

  /** Enters a device, 12 hex digits. */
  async addDevice(macAddress: string, location: string): Promise<void> {
    await this.#call("POST", "/devices", { macAddress, location });
  }

  /** Makes a device's verification code. @returns its digits */
  async generateCode(macAddress: string): Promise<string> {
    const answer = await this.#call("POST", "/verification-codes", { macAddresses: [macAddress] });
    const { items } = answer as { readonly items: readonly { readonly code: string }[] };
    const [made] = items;
    if (made === undefined) throw new Error(`The gateway made no code for ${macAddress}.`);
    return made.code;
  }

  /** Begins a sign-in on a device. */
  async startSignIn(macAddress: string): Promise<StartedSignIn> {
    return (await this.#call("POST", `/devices/${macAddress}/sign-in`)) as StartedSignIn;
  }

  /** Signs out who is signed in on a device. */
  async signOut(macAddress: string): Promise<void> {
    await this.#call("POST", `/devices/${macAddress}/sign-out`);
  }

  async #call(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${this.#adminUrl}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.#token}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) {
      throw new Error(`${method} ${path} was answered ${response.status}: ${text.slice(0, 500)}`);
    }
    return text === "" ? undefined : JSON.parse(text);
  }
}
