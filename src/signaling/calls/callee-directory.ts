import type { DialedNumber } from "../../domain/classify-dialed-number.ts";
import { e164Candidates } from "../../domain/e164-candidates.ts";
import type { Stores } from "../../domain/stores.ts";
import type { Tenant } from "../../domain/tenant.ts";
import { type User, userAor } from "../../domain/user.ts";

/** Whom a dialled number or name means. `unknown`: nobody of ours. */
export type Callee =
  | { readonly kind: "user"; readonly user: User; readonly aor: string }
  | { readonly kind: "unreachable"; readonly user: User }
  | { readonly kind: "unknown" };

/** Finds the user behind a dialled number or a `sip:upn`. */
export class CalleeDirectory {
  readonly #users: Stores["users"];
  readonly #tenant: Tenant;

  constructor(options: { users: Stores["users"]; tenant: Tenant }) {
    this.#users = options.users;
    this.#tenant = options.tenant;
  }

  /**
   * @param host the domain of the Request-URI, already known to be ours
   * @throws StoreUnavailableError
   */
  async find(
    dialed: Extract<DialedNumber, { kind: "number" | "name" }>,
    host: string,
  ): Promise<Callee> {
    const user =
      dialed.kind === "number"
        ? await this.#findByNumber(dialed.number)
        : await this.#findByName(dialed.name, host);
    if (user === undefined) return { kind: "unknown" };
    // Nobody is signed in without a number, so there is no AOR to ring.
    if (user.phoneNumber === null) return { kind: "unreachable", user };
    return { kind: "user", user, aor: userAor(user.phoneNumber, this.#tenant.domain) };
  }

  async #findByNumber(number: string): Promise<User | undefined> {
    for (const candidate of e164Candidates(number)) {
      const user = await this.#users.findByPhoneNumber(this.#tenant.id, candidate);
      if (user !== undefined) return user;
    }
    return undefined;
  }

  #findByName(name: string, host: string): Promise<User | undefined> {
    const upn = name.includes("@") ? name : `${name}@${host}`;
    return this.#users.find(this.#tenant.id, upn.toLowerCase());
  }
}
