import type { StartedSignIn } from "../sign-in-as-person.ts";
import type { FleetUser } from "./fleet-user.ts";

/** Where an administrator of the gateway calls. */
export interface AdministratorAccess {
  /** `http://127.0.0.1:8081`. */
  readonly adminUrl: string;
  readonly token: string;
}

/** The gateway could not be made ready for the phones; the message says why and what to do. */
export class FleetAdministrationError extends Error {
  readonly code = "FLEET_ADMINISTRATION";
}

interface GeneratedCodes {
  readonly items: readonly { readonly macAddress: string; readonly code: string }[];
  readonly refused: readonly { readonly macAddress: string; readonly reason: string }[];
}

/** How a sign-in stands, with the reason where it came to nothing. */
export interface SignInStanding {
  readonly status: "pending" | "completed" | "failed" | "expired";
  readonly reason: string | null;
}

interface Call {
  readonly method?: "GET" | "PUT";
  readonly contentType?: string;
  readonly body?: string;
  /** A status whose problem is no fault. */
  readonly whenRefused?: number | undefined;
}

/** What one call of the API takes. */
const codesAtOnce = 5_000;
const resetsAtOnce = 8;

/** The administrator's part in a roll-out, over the admin API: enters the phones, makes their codes. */
export class FleetAdministrator {
  readonly #access: AdministratorAccess;

  constructor(access: AdministratorAccess) {
    this.#access = access;
  }

  /**
   * Enters the phones and makes a code for each. Those that an earlier run has enrolled are reset.
   *
   * @param macAddresses 12 lower-case hex digits each
   * @returns the codes by MAC address, in the same form
   * @throws FleetAdministrationError when the gateway is not there or refuses
   */
  async prepare(macAddresses: readonly string[], location: string): Promise<Map<string, string>> {
    const lines = macAddresses.map((macAddress) => `${macAddress},${location}\r\n`);
    const csv = `MAC id,Location\r\n${lines.join("")}`;
    const contentType = "text/csv";
    const { rejected } = (await this.#call("/devices/import", { contentType, body: csv })) as {
      readonly rejected: readonly { readonly value: string; readonly reason: string }[];
    };
    const [bad] = rejected;
    if (bad !== undefined) {
      throw new FleetAdministrationError(`The gateway rejected ${bad.value}: ${bad.reason}`);
    }
    const codes = new Map<string, string>();
    const enrolled = await this.#generate(macAddresses, codes);
    await this.#reset(enrolled.map(({ macAddress }) => macAddress));
    const [refused] = await this.#generate(
      enrolled.map(({ macAddress }) => macAddress),
      codes,
    );
    if (refused === undefined) return codes;
    throw new FleetAdministrationError(`No code for ${refused.macAddress}: ${refused.reason}`);
  }

  /**
   * Whether users sign in on the gateway's own page; with an outside issuer there is none.
   * @throws FleetAdministrationError when the gateway is not there
   */
  async signsUsersIn(): Promise<boolean> {
    const response = await this.#fetch("/devicelogin", { headers: { accept: "text/html" } });
    const page = await response.text();
    // 429: the page is there, and somebody has asked for it a lot.
    return response.status === 429 || (response.ok && page.includes('name="user_code"'));
  }

  /** Enters a user, or writes it anew. @throws FleetAdministrationError when the gateway refuses */
  async putUser({ upn, ...user }: FleetUser): Promise<void> {
    const path = `/users/${encodeURIComponent(upn)}`;
    const contentType = "application/json";
    await this.#call(path, { method: "PUT", contentType, body: JSON.stringify(user) });
  }

  /** Begins a sign-in on a phone. @throws FleetAdministrationError when the gateway refuses */
  async startSignIn(macAddress: string): Promise<StartedSignIn> {
    return (await this.#call(`/devices/${macAddress}/sign-in`)) as StartedSignIn;
  }

  /** How a phone's last sign-in stands. @throws FleetAdministrationError when there is none */
  async signInStanding(macAddress: string): Promise<SignInStanding> {
    const answer = await this.#call(`/devices/${macAddress}/sign-in`, { method: "GET" });
    return answer as SignInStanding;
  }

  /** Makes codes into `codes`. @returns those that got none */
  async #generate(
    macAddresses: readonly string[],
    codes: Map<string, string>,
  ): Promise<GeneratedCodes["refused"]> {
    const refused: GeneratedCodes["refused"][number][] = [];
    for (let start = 0; start < macAddresses.length; start += codesAtOnce) {
      const batch = macAddresses.slice(start, start + codesAtOnce);
      const made = await this.#generateBatch(batch);
      for (const { macAddress, code } of made.items) codes.set(bareMac(macAddress), code);
      refused.push(...made.refused.map((one) => ({ ...one, macAddress: bareMac(one.macAddress) })));
    }
    return refused;
  }

  async #generateBatch(macAddresses: readonly string[]): Promise<GeneratedCodes> {
    const body = JSON.stringify({ macAddresses });
    const [only = ""] = macAddresses;
    // A call for one device that gets no code is answered 409 as a whole.
    const whenRefused = macAddresses.length === 1 ? 409 : undefined;
    const contentType = "application/json";
    const made = await this.#call("/verification-codes", { contentType, body, whenRefused });
    return typeof made === "string"
      ? { items: [], refused: [{ macAddress: only, reason: made }] }
      : (made as GeneratedCodes);
  }

  async #reset(macAddresses: readonly string[]): Promise<void> {
    for (let start = 0; start < macAddresses.length; start += resetsAtOnce) {
      const batch = macAddresses.slice(start, start + resetsAtOnce);
      await Promise.all(batch.map((macAddress) => this.#call(`/devices/${macAddress}/reset`)));
    }
  }

  /** A POST unless said otherwise. @returns the body of a 2xx; for `whenRefused`, the problem's detail as text */
  async #call(path: string, call: Call = {}): Promise<unknown> {
    const { method = "POST", contentType, body, whenRefused } = call;
    const response = await this.#fetch(`/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.#access.token}`,
        ...(contentType === undefined ? {} : { "content-type": contentType }),
      },
      ...(body === undefined ? {} : { body }),
    });
    const answer: unknown = await response.json().catch(() => undefined);
    if (response.ok) return answer;
    const detail = detailOf(answer);
    if (response.status === whenRefused) return detail;
    throw new FleetAdministrationError(
      `The gateway refused ${method} ${path} (${response.status}): ${detail}`,
    );
  }

  #fetch(path: string, init: RequestInit): Promise<Response> {
    const { adminUrl } = this.#access;
    return fetch(new URL(path, adminUrl), init).catch((cause: unknown) => {
      throw new FleetAdministrationError(
        `No gateway answers at ${adminUrl}; start it, or name another by --admin-url.`,
        { cause },
      );
    });
  }
}

function detailOf(answer: unknown): string {
  const isProblem = typeof answer === "object" && answer !== null && "detail" in answer;
  return isProblem ? String(answer.detail) : "no reason given";
}

function bareMac(macAddress: string): string {
  return macAddress.replaceAll(":", "");
}
