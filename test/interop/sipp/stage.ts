import type { AdminClient, SampleUser } from "../../support/admin-client.ts";
import type { GatewayProcess } from "../../support/gateway-process.ts";
import { fetchYealinkAccount } from "../../support/yealink-configuration.ts";
import { authenticationField } from "./sipp-process.ts";

/** Who and what SIPp's scenarios are played with: each one gets devices and users of its own. */
export class Stage {
  readonly gateway: GatewayProcess;
  readonly admin: AdminClient;
  #devices = 0;
  #users = 0;

  constructor(gateway: GatewayProcess, admin: AdminClient) {
    this.gateway = gateway;
    this.admin = admin;
  }

  /** A device that waits on activation, and the injection fields of its onboarding account. */
  async newDevice(): Promise<{ readonly macAddress: string; readonly fields: readonly string[] }> {
    const number = (++this.#devices).toString(16).padStart(4, "0");
    const macAddress = `80:5e:c0:51:${number.slice(0, 2)}:${number.slice(2)}`;
    await this.admin.addDevice(macAddress);
    return { macAddress, fields: await this.accountFields(macAddress) };
  }

  /** The injection fields of the account that the gateway now serves to a device. */
  async accountFields(macAddress: string): Promise<readonly string[]> {
    const { provisioningUrl } = this.gateway;
    const account = await fetchYealinkAccount(provisioningUrl, "noam", macAddress);
    const { user, domain, authenticationName, password } = account;
    return [user, domain, authenticationField(authenticationName, password)];
  }

  /** A signed-in user. */
  async newUser(): Promise<SampleUser> {
    const [user] = await this.admin.sampleUsers(++this.#users, 1);
    if (user === undefined) throw new Error("The gateway made no sample user.");
    return user;
  }
}

/** The injection fields of a signed-in user. */
export function userFields(user: SampleUser, password = user.password): readonly string[] {
  return [user.user, user.domain, authenticationField(user.authenticationName, password)];
}

/** The AOR of a signed-in user. */
export function aorOf(user: SampleUser): string {
  return `sip:${user.user}@${user.domain}`;
}
