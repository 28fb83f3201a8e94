import { createHmac, randomBytes } from "node:crypto";
import { type Account, ha1Of } from "./account.ts";
import type { Device } from "./device.ts";
import type { Tenant } from "./tenant.ts";
import { type User, userAor } from "./user.ts";

const passwordCharacters = 24;

/**
 * Makes the SIP accounts of signed-in users. Their passwords are derived from their names under a
 * secret that all nodes share, so that none is stored and each can be told to its phone again.
 */
export class UserAccounts {
  readonly #secret: Buffer;

  /** @param secret at least 32 random bytes, the same on all nodes */
  constructor(secret: Buffer) {
    this.#secret = secret;
  }

  /** A fresh account of this user for one device. `phoneNumber` is the user's, which is not null. */
  issue(tenant: Tenant, user: User, phoneNumber: string, device: Device): Account {
    const random = randomBytes(6).toString("hex");
    const authenticationName = `${phoneNumber.slice(1)}-${device.macAddress}-${random}`;
    return {
      tenantId: tenant.id,
      authenticationName,
      realm: tenant.domain,
      aor: userAor(phoneNumber, tenant.domain),
      upn: user.upn,
      macAddress: device.macAddress,
      ha1: ha1Of(authenticationName, tenant.domain, this.password(authenticationName)),
    };
  }

  /** The password of the account that bears this name. In hex, which SIPp never takes for encoded bytes. */
  password(authenticationName: string): string {
    return createHmac("sha256", this.#secret)
      .update(`user-account\n${authenticationName}`)
      .digest("hex")
      .slice(0, passwordCharacters);
  }
}
