import { AttemptBrake } from "../../domain/attempt-brake.ts";
import { verifyPassword } from "../../domain/password-hash.ts";
import type { Tenant } from "../../domain/tenant.ts";
import type { TimeSource } from "../../domain/time-source.ts";
import type { UserStore } from "../../domain/user.ts";

/** Wrong passwords before a name, or an address, has to wait. */
export const passwordLimits = {
  perName: { tries: 5, windowMilliseconds: 15 * 60_000 },
  perAddress: { tries: 20, windowMilliseconds: 15 * 60_000 },
  /** Passwords hashed at a time, each in 32 MiB. */
  atOnce: 4,
} as const;

/** What a person's name and password come to. `wrong` says not which of the two. */
export type PasswordOutcome =
  | { readonly outcome: "right"; readonly upn: string }
  | { readonly outcome: "wrong" }
  | { readonly outcome: "wait"; readonly waitSeconds: number };

interface PasswordCheckDependencies {
  readonly users: Pick<UserStore, "find">;
  readonly tenant: Tenant;
  readonly clock: TimeSource;
}

/** Checks passwords, at a pace at which they cannot be guessed; counted by each node for itself. */
export class PasswordCheck {
  readonly #dependencies: PasswordCheckDependencies;
  readonly #byName: AttemptBrake;
  readonly #byAddress: AttemptBrake;
  #running = 0;

  constructor(dependencies: PasswordCheckDependencies) {
    this.#dependencies = dependencies;
    this.#byName = new AttemptBrake(dependencies.clock, passwordLimits.perName);
    this.#byAddress = new AttemptBrake(dependencies.clock, passwordLimits.perAddress);
  }

  /** Whether there is such a user shows neither in the answer nor in the time that it takes. */
  async check(name: string, password: string, address: string): Promise<PasswordOutcome> {
    const upn = name.trim().toLowerCase().slice(0, 256);
    const wait = Math.max(this.#byName.waitSeconds(upn), this.#byAddress.waitSeconds(address));
    if (wait > 0) return { outcome: "wait", waitSeconds: wait };
    if (this.#running >= passwordLimits.atOnce) return { outcome: "wait", waitSeconds: 1 };
    // Counted before the answer is known, so that many at once do not all slip through.
    this.#byName.count(upn);
    this.#byAddress.count(address);
    this.#running++;
    try {
      if (!(await this.#isRight(upn, password))) return { outcome: "wrong" };
    } finally {
      this.#running--;
    }
    this.#byName.forgive(upn);
    this.#byAddress.forgive(address);
    return { outcome: "right", upn };
  }

  async #isRight(upn: string, password: string): Promise<boolean> {
    const { users, tenant } = this.#dependencies;
    const user = await users.find(tenant.id, upn);
    return verifyPassword(password, user?.passwordHash ?? null);
  }
}
