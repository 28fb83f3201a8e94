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
    const { rejected } = (await this.#call("/devices/import", "text/csv", csv)) as {
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
    const made = await this.#call("/verification-codes", "application/json", body, whenRefused);
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

  /** @returns the body of a 2xx; for the status `whenRefused`, the problem's detail as text */
  async #call(
    path: string,
    contentType?: string,
    body?: string,
    whenRefused?: number,
  ): Promise<unknown> {
    const { adminUrl, token } = this.#access;
    const response = await fetch(new URL(`/api/v1${path}`, adminUrl), {
      method: "POST",
      headers: {
        authorization: `Bearer ${token}`,
        ...(contentType === undefined ? {} : { "content-type": contentType }),
      },
      ...(body === undefined ? {} : { body }),
    }).catch((cause: unknown) => {
      throw new FleetAdministrationError(
        `No gateway answers at ${adminUrl}; start it, or name another by --admin-url.`,
        { cause },
      );
    });
    const answer: unknown = await response.json().catch(() => undefined);
    if (response.ok) return answer;
    const detail = detailOf(answer);
    if (response.status === whenRefused) return detail;
    throw new FleetAdministrationError(
      `The gateway refused POST ${path} (${response.status}): ${detail}`,
    );
  }
}

function detailOf(answer: unknown): string {
  const isProblem = typeof answer === "object" && answer !== null && "detail" in answer;
  return isProblem ? String(answer.detail) : "no reason given";
}

function bareMac(macAddress: string): string {
  return macAddress.replaceAll(":", "");
}
