import { isIP } from "node:net";
import { networkInterfaces } from "node:os";
import { decodeUser, isSipUri, type OtherUri, type SipUri } from "../../sip/message/sip-uri.ts";
import { regionOfOnboardingDomain } from "../domain/region.ts";

/**
 * Which hosts are the gateway. Accounts live in the tenant's domain and in the onboarding domains;
 * a soft phone that was given an address instead of a domain means the tenant's.
 */
export class ServedDomains {
  readonly #tenantDomain: string;
  readonly #ownHosts: ReadonlySet<string>;

  /** @param options host names or IP literals; IPv6 with or without brackets */
  constructor(options: { tenantDomain: string; publicAddress: string; bindAddress: string }) {
    this.#tenantDomain = options.tenantDomain.toLowerCase();
    const hosts = new Set(["localhost", bare(options.publicAddress), bare(options.bindAddress)]);
    for (const addresses of Object.values(networkInterfaces())) {
      for (const { address } of addresses ?? []) hosts.add(bare(address));
    }
    this.#ownHosts = hosts;
  }

  /** Whether a request for this host is for us (RFC 3261 §10.3 step 1, §16.4). */
  serves(host: string): boolean {
    return this.accountDomain(host) !== undefined;
  }

  /** The domain of accounts, and so the digest's realm, that a host stands for; undefined: none of ours. */
  accountDomain(host: string): string | undefined {
    if (host === this.#tenantDomain) return host;
    if (regionOfOnboardingDomain(host) !== undefined) return host;
    const address = bare(host);
    return this.#ownHosts.has(address) || isLoopback(address) ? this.#tenantDomain : undefined;
  }

  /** The realm that a caller or registrant is asked to prove himself in. */
  realmFor(uri: SipUri | OtherUri): string {
    return (isSipUri(uri) ? this.accountDomain(uri.host) : undefined) ?? this.#tenantDomain;
  }

  /**
   * The canonical AOR that a To or From names: `sip:user@domain`, escapes decoded, without port or
   * parameters (RFC 3261 §10.3 step 5). @returns undefined when it is in no domain of ours.
   */
  canonicalAor(uri: SipUri | OtherUri): string | undefined {
    if (!isSipUri(uri) || uri.user === undefined) return undefined;
    const domain = this.accountDomain(uri.host);
    return domain === undefined ? undefined : `sip:${decodeUser(uri.user)}@${domain}`;
  }
}

function bare(host: string): string {
  const text = host.toLowerCase();
  return text.startsWith("[") ? text.slice(1, -1) : text;
}

function isLoopback(address: string): boolean {
  return (isIP(address) === 4 && address.startsWith("127.")) || address === "::1";
}
