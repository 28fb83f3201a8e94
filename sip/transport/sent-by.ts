import { isIP } from "node:net";
import type { TransportName } from "./flow.ts";
import { defaultPort } from "./response-destination.ts";

/** What peers are told of us in Via. */
export interface AdvertisedAddress {
  /** A host name or an IP literal, IPv6 with or without brackets. */
  readonly host: string;
  /** Where a transport is missing, the port that its listener is bound to. */
  readonly ports?: Partial<Record<TransportName, number>>;
}

/** Our sent-by (RFC 3261 §18.1.1): written into Via, and known again in responses. */
export class SentBy {
  readonly #host: string;
  readonly #ports: Partial<Record<TransportName, number>>;
  readonly #boundPort: (transport: TransportName) => number | undefined;

  constructor(
    advertised: AdvertisedAddress,
    boundPort: (transport: TransportName) => number | undefined,
  ) {
    this.#host = isIP(advertised.host) === 6 ? `[${advertised.host}]` : advertised.host;
    this.#ports = advertised.ports ?? {};
    this.#boundPort = boundPort;
  }

  /** `host:port` for one transport. */
  for(transport: TransportName): string {
    return `${this.#host}:${this.#port(transport)}`;
  }

  /** Whether a Via with this host and port is one of ours. */
  isOurs(transport: TransportName, host: string, port: number | undefined): boolean {
    return (
      host.toLowerCase() === this.#host.toLowerCase() &&
      (port ?? defaultPort(transport)) === this.#port(transport)
    );
  }

  #port(transport: TransportName): number {
    return this.#ports[transport] ?? this.#boundPort(transport) ?? defaultPort(transport);
  }
}
