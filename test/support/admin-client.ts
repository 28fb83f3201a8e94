/** Where a gateway's administrator calls, as `GatewayProcess` says it. */
export interface AdminAccess {
  readonly adminUrl: string;
  readonly token: string;
}

/** A user that the laboratory made, signed in. */
export interface SampleUser {
  /** User part of the AOR: the E.164 number. */
  readonly user: string;
  readonly domain: string;
  readonly authenticationName: string;
  readonly password: string;
}

/** The parts of a device that the tests look at. */
export interface DeviceView {
  readonly macAddress: string;
  readonly state: string;
  readonly online: boolean;
  /** Null while nobody is signed in. */
  readonly policy: DevicePolicyView | null;
}

/** How far a device's phone has come with its calling policy. */
export interface DevicePolicyView {
  readonly assignedVersion: number;
  readonly appliedVersion: number | null;
  readonly pendingSince: string | null;
}

/** A line of a device's history. */
export interface DeviceEventView {
  readonly kind: string;
  readonly text: string;
}

/** The parts of a binding that the tests look at. */
export interface RegistrationView {
  readonly aor: string;
  readonly contact: string;
  readonly transport: string;
}

/** One page of a list. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

/** A gateway answered an administrator's call with a status other than 2xx. */
export class AdminCallError extends Error {
  readonly status: number;

  constructor(call: string, status: number, body: string) {
    super(`${call} was answered ${status}: ${body}`);
    this.name = "AdminCallError";
    this.status = status;
  }
}

/** An administrator's calls over HTTP, as far as the interop tests need them. */
export class AdminClient {
  readonly #access: AdminAccess;

  constructor(access: AdminAccess) {
    this.#access = access;
  }

  async addDevice(macAddress: string, location = "Interop"): Promise<void> {
    await this.#call("POST", "/devices", { macAddress, location });
  }

  async device(macAddress: string): Promise<DeviceView> {
    return (await this.#call("GET", `/devices/${macAddress}`)) as DeviceView;
  }

  /** A fresh verification code for one device: its digits. */
  async generateCode(macAddress: string): Promise<string> {
    const answer = (await this.#call("POST", "/verification-codes", {
      macAddresses: [macAddress],
    })) as { items: readonly { code: string }[] };
    const code = answer.items[0]?.code;
    if (code === undefined) throw new Error(`No code was made for ${macAddress}.`);
    return code;
  }

  /** Signed-in users (LAB): the ones numbered `from` to `from + count - 1`. */
  async sampleUsers(from: number, count: number): Promise<readonly SampleUser[]> {
    const answer = (await this.#call("POST", "/lab/sample-users", { from, count })) as {
      users: readonly SampleUser[];
    };
    return answer.users;
  }

  /** Moves the gateway's time ahead (LAB). @returns the time it then is, in milliseconds since 1970 */
  async advanceClock(seconds: number): Promise<number> {
    const answer = (await this.#call("POST", "/lab/clock/advance", { seconds })) as { now: string };
    return Date.parse(answer.now);
  }

  /** The latest lines of a device's history, newest first. */
  async events(macAddress: string): Promise<readonly DeviceEventView[]> {
    const path = `/devices/${macAddress}/events?limit=100`;
    return ((await this.#call("GET", path)) as Page<DeviceEventView>).items;
  }

  /** Changes some settings of a calling policy. @returns its version */
  async putCallingPolicy(
    name: string,
    settings: Readonly<Record<string, boolean>>,
  ): Promise<number> {
    const answer = await this.#call("PUT", `/calling-policies/${name}`, settings);
    return (answer as { version: number }).version;
  }

  /** The live bindings of one AOR: `sip:+14255550100@contoso.example`. */
  async registrationsOf(aor: string): Promise<readonly RegistrationView[]> {
    const page = await this.registrations(`?aor=${encodeURIComponent(aor)}`);
    return page.items;
  }

  /** A page of live bindings. @param query with its question mark, or nothing */
  async registrations(query = ""): Promise<Page<RegistrationView>> {
    return (await this.#call("GET", `/registrations${query}`)) as Page<RegistrationView>;
  }

  /** A gauge or counter without labels, or with any, as Prometheus reads it. @throws Error when there is none */
  async gauge(name: string): Promise<number> {
    const match = new RegExp(`^${name}(?:\\{[^}]*\\})? ([0-9.e+]+)$`, "m").exec(
      await this.metrics(),
    );
    if (match === null) throw new Error(`There is no gauge ${name}.`);
    return Number(match[1]);
  }

  /** The metrics page. */
  async metrics(): Promise<string> {
    const reply = await fetch(`${this.#access.adminUrl}/metrics`, { headers: this.#headers() });
    if (!reply.ok) throw new AdminCallError("GET /metrics", reply.status, await reply.text());
    return reply.text();
  }

  async #call(method: string, path: string, body?: unknown): Promise<unknown> {
    const reply = await fetch(`${this.#access.adminUrl}/api/v1${path}`, {
      method,
      headers: {
        ...this.#headers(),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await reply.text();
    if (!reply.ok) throw new AdminCallError(`${method} ${path}`, reply.status, text);
    return text === "" ? undefined : JSON.parse(text);
  }

  #headers(): Record<string, string> {
    return { authorization: `Bearer ${this.#access.token}` };
  }
}
