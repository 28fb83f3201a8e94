import type { Clock } from "../../../sip/clock.ts";
import type { RegistrationLimits } from "../../domain/apply-registration.ts";
import type { Stores } from "../../domain/stores.ts";
import type { RequestAuthenticator } from "../authentication/request-authenticator.ts";
import type { RefusedRequests } from "../refused-requests.ts";
import type { ServedDomains } from "../served-domains.ts";
import type { SignalingLogger } from "../signaling-logger.ts";
import type { SignalingObserver } from "../signaling-observer.ts";
import type { StatelessReplies } from "../stateless-replies.ts";
import type { DeviceArrivals } from "./device-arrivals.ts";
import type { RegistrationNews } from "./registration-news.ts";

/** What a registrar needs. */
export interface RegistrarDependencies {
  readonly nodeId: string;
  readonly clock: Clock;
  readonly stores: Pick<Stores, "accounts" | "bindings">;
  readonly limits: RegistrationLimits;
  /** Registrations that may wait for the storage at once; further ones are turned away. */
  readonly mostInProgress: number;
  readonly domains: ServedDomains;
  readonly authenticator: RequestAuthenticator;
  readonly replies: StatelessReplies;
  readonly news: RegistrationNews;
  readonly arrivals: DeviceArrivals;
  readonly refusals: RefusedRequests;
  readonly observer: SignalingObserver;
  readonly logger: SignalingLogger;
}
