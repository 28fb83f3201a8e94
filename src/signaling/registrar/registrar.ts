import type { Clock } from "../../../sip/clock.ts";
import type { SipRequest } from "../../../sip/message/sip-message.ts";
import { isSipUri } from "../../../sip/message/sip-uri.ts";
import type { IncomingRequest } from "../../../sip/transport/transport-layer.ts";
import {
  applyRegistration,
  type RegistrationDecision,
  type RegistrationLimits,
  type RegistrationRequest,
} from "../../domain/apply-registration.ts";
import type { Binding } from "../../domain/binding.ts";
import { type Stores, StoreUnavailableError } from "../../domain/stores.ts";
import type { Credential } from "../authentication/credential-directory.ts";
import type {
  PresentedCredentials,
  RequestAuthenticator,
} from "../authentication/request-authenticator.ts";
import type { ServedDomains } from "../served-domains.ts";
import type { SignalingLogger } from "../signaling-logger.ts";
import type { RegistrationResult, SignalingObserver } from "../signaling-observer.ts";
import type { ExtraHeaders, StatelessReplies } from "../stateless-replies.ts";
import { formatBindingContact } from "./binding-contact.ts";
import type { RegistrationNews } from "./registration-news.ts";
import {
  mostContacts,
  readExpiry,
  readRequestedContacts,
  sameContactUri,
} from "./requested-contacts.ts";
import { formatSipDate } from "./sip-date.ts";

/** Extensions that a REGISTER may require of us (RFC 3327, RFC 5626). */
const understoodExtensions: ReadonlySet<string> = new Set(["path", "outbound"]);

/** After how long a phone that met an overload or a silent storage may come back. */
const retryAfterSeconds = 10;

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
  readonly observer: SignalingObserver;
  readonly logger: SignalingLogger;
}

/**
 * The registrar of RFC 3261 §10.3. It answers without server transactions: a repeated REGISTER
 * changes nothing, because Call-ID and CSeq tell that it is the same.
 *
 * An explicit expiry up to the limit is granted as asked; there is no jitter: phones spread
 * themselves by when they booted, and an answer that one can foresee is worth more.
 */
export class Registrar {
  readonly #needs: RegistrarDependencies;
  #inProgress = 0;

  constructor(dependencies: RegistrarDependencies) {
    this.#needs = dependencies;
  }

  /** How many registrations wait for the storage. */
  get inProgress(): number {
    return this.#inProgress;
  }

  /** Answers a REGISTER that has passed `validateRequest`. */
  onRegister(incoming: IncomingRequest): void {
    const { request } = incoming;
    const { domains, authenticator, replies, observer } = this.#needs;

    // Step 1: is it for a domain of ours? Others' registrations are not forwarded.
    const uri = request.uri;
    if (!isSipUri(uri) || !domains.serves(uri.host)) {
      this.#refuse(incoming, "refused", 404, "Domain Not Served Here");
      return;
    }
    // Step 2: does it require what we do not know?
    const unknown = unknownExtensions(request);
    if (unknown !== undefined) {
      this.#refuse(incoming, "invalid", 420, undefined, [["Unsupported", unknown]]);
      return;
    }
    // Step 3: who sends it? A challenge is answered here and now, without asking the storage.
    const realm = domains.realmFor(request.to.uri);
    const credentials = authenticator.credentialsIn(request, "Authorization", realm);
    if (credentials === undefined) {
      replies.send(incoming, 401, undefined, authenticator.challenge("WWW-Authenticate", realm));
      observer.registration("challenged");
      return;
    }
    if (this.#inProgress >= this.#needs.mostInProgress) {
      this.#turnAway(incoming);
      return;
    }
    this.#inProgress++;
    void this.#register(incoming, credentials);
  }

  async #register(incoming: IncomingRequest, credentials: PresentedCredentials): Promise<void> {
    try {
      await this.#registerAuthenticated(incoming, credentials);
    } catch (error) {
      this.#answerFault(incoming, error);
    } finally {
      this.#inProgress--;
    }
  }

  async #registerAuthenticated(
    incoming: IncomingRequest,
    credentials: PresentedCredentials,
  ): Promise<void> {
    const { authenticator, domains } = this.#needs;
    const verdict = await authenticator.verify(incoming, credentials);
    if (!verdict.ok) {
      this.#challengeAgain(incoming, credentials, verdict.cause);
      return;
    }
    const { credential } = verdict;
    // Steps 4 and 5: may this account register this AOR, and is there such an AOR?
    const aor = domains.canonicalAor(incoming.request.to.uri);
    if (aor !== credential.aor) {
      await this.#refuseForeignAor(incoming, credential, aor);
      return;
    }
    // Steps 6 and 7: all Contacts, or none.
    const registration = this.#readRegistration(incoming, credential);
    if (registration === undefined) return;
    const now = this.#needs.clock.nowMilliseconds();
    const decision = await this.#needs.stores.bindings.update(
      credential.tenantId,
      credential.aor,
      now,
      (current) =>
        applyRegistration(current, registration, now, this.#needs.limits, sameContactUri),
    );
    // Step 8.
    this.#answerDecision(incoming, registration, decision, now);
  }

  #challengeAgain(
    incoming: IncomingRequest,
    credentials: PresentedCredentials,
    cause: "stale" | "wrong" | "held",
  ): void {
    const { authenticator, replies, observer } = this.#needs;
    if (cause === "held") {
      this.#refuse(incoming, "refused", 403, "Too Many Wrong Passwords");
      return;
    }
    const stale = cause === "stale";
    const challenge = authenticator.challenge("WWW-Authenticate", credentials.realm, stale);
    replies.send(incoming, 401, undefined, challenge);
    observer.registration(stale ? "challenged" : "refused");
  }

  async #refuseForeignAor(
    incoming: IncomingRequest,
    credential: Credential,
    aor: string | undefined,
  ): Promise<void> {
    // A phone that nobody is signed in on is not told which AORs there are.
    const exists =
      credential.kind === "onboarding" ||
      (aor !== undefined &&
        (await this.#needs.stores.accounts.aorExists(credential.tenantId, aor)));
    if (exists) this.#refuse(incoming, "refused", 403, "Not Your Address-of-Record");
    else this.#refuse(incoming, "refused", 404);
    this.#needs.news.foreignAor(credential);
  }

  /** Reads Contacts, Expires and Path; answers what is wrong with them and returns undefined then. */
  #readRegistration(
    incoming: IncomingRequest,
    credential: Credential,
  ): RegistrationRequest | undefined {
    const { request, flow } = incoming;
    const contacts = readRequestedContacts(request.contacts);
    if (contacts.length > mostContacts) {
      this.#refuse(incoming, "invalid", 400, "Too Many Contacts");
      return undefined;
    }
    const path = request.headers.getAll("Path");
    if (path.length > 0 && !supports(request, "path")) {
      this.#refuse(incoming, "invalid", 421, undefined, [["Require", "path"]]);
      return undefined;
    }
    const expires = request.headers.get("Expires");
    return {
      tenantId: credential.tenantId,
      aor: credential.aor,
      callId: request.callId,
      cseq: request.cseq.number,
      contacts,
      expiresSeconds: expires === undefined ? undefined : readExpiry(expires),
      path,
      flow: {
        id: flow.id,
        transport: flow.transport,
        remoteAddress: flow.remoteAddress,
        remotePort: flow.remotePort,
      },
      nodeId: this.#needs.nodeId,
      userAgent: (request.headers.get("User-Agent") ?? "").slice(0, 200),
      macAddress: credential.macAddress,
    };
  }

  #answerDecision(
    incoming: IncomingRequest,
    registration: RegistrationRequest,
    decision: RegistrationDecision,
    nowMilliseconds: number,
  ): void {
    switch (decision.outcome) {
      case "accepted":
        this.#accept(incoming, registration, decision.bindings, nowMilliseconds);
        this.#needs.observer.registration(isRemoval(registration) ? "removed" : "accepted");
        if (decision.added > 0 || decision.removed > 0) {
          this.#needs.news.changed(registration, decision);
        }
        return;
      case "fetched":
        this.#accept(incoming, registration, decision.current, nowMilliseconds);
        this.#needs.observer.registration("fetched");
        return;
      case "too-brief":
        this.#refuse(incoming, "invalid", 423, undefined, [
          ["Min-Expires", String(decision.leastSeconds)],
        ]);
        return;
      case "bad-wildcard":
        this.#refuse(incoming, "invalid", 400, "Contact * Needs Expires: 0");
        return;
      case "out-of-order":
        this.#refuse(incoming, "invalid", 500, "CSeq Out of Order");
        return;
    }
  }

  #accept(
    incoming: IncomingRequest,
    registration: RegistrationRequest,
    bindings: readonly Binding[],
    nowMilliseconds: number,
  ): void {
    const headers: (readonly [string, string])[] = [];
    for (const binding of bindings) {
      headers.push(["Contact", formatBindingContact(binding, nowMilliseconds)]);
    }
    for (const path of registration.path) headers.push(["Path", path]);
    headers.push(["Date", formatSipDate(nowMilliseconds)]);
    this.#needs.replies.send(incoming, 200, undefined, headers);
  }

  #turnAway(incoming: IncomingRequest): void {
    this.#needs.observer.registration("overloaded");
    // On UDP silence is the cheapest answer, and the phone repeats its request by itself.
    if (!incoming.flow.reliable) return;
    this.#needs.replies.send(incoming, 503, undefined, retryLater);
  }

  #answerFault(incoming: IncomingRequest, error: unknown): void {
    if (error instanceof StoreUnavailableError) {
      this.#refuse(incoming, "unavailable", 503, "Storage Unavailable", retryLater);
      this.#needs.logger.warn({ err: error }, "A registration was not taken: no storage");
      return;
    }
    this.#refuse(incoming, "unavailable", 500);
    this.#needs.logger.error({ err: error }, "A registration failed");
  }

  #refuse(
    incoming: IncomingRequest,
    result: RegistrationResult,
    status: number,
    reason?: string,
    headers?: ExtraHeaders,
  ): void {
    this.#needs.replies.send(incoming, status, reason, headers);
    this.#needs.observer.registration(result);
  }
}

const retryLater: ExtraHeaders = [["Retry-After", String(retryAfterSeconds)]];

function unknownExtensions(request: SipRequest): string | undefined {
  if (!request.headers.has("Require")) return undefined;
  const unknown = optionTags(request, "Require").filter((tag) => !understoodExtensions.has(tag));
  return unknown.length === 0 ? undefined : unknown.join(", ");
}

function supports(request: SipRequest, tag: string): boolean {
  return (
    optionTags(request, "Supported").includes(tag) || optionTags(request, "Require").includes(tag)
  );
}

function optionTags(request: SipRequest, header: "Require" | "Supported"): string[] {
  return request.headers
    .getAll(header)
    .flatMap((value) => value.split(","))
    .map((tag) => tag.trim().toLowerCase())
    .filter((tag) => tag !== "");
}

function isRemoval(registration: RegistrationRequest): boolean {
  return (
    registration.contacts === "*" ||
    registration.contacts.every(
      (contact) => (contact.expiresSeconds ?? registration.expiresSeconds) === 0,
    )
  );
}
