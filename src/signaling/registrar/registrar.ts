import type { DigestCredentials } from "../../../sip/digest/read-credentials.ts";
import { isSipUri } from "../../../sip/message/sip-uri.ts";
import type { IncomingRequest } from "../../../sip/transport/transport-layer.ts";
import { applyRegistration, type RegistrationDecision } from "../../domain/apply-registration.ts";
import type { Binding } from "../../domain/binding.ts";
import { StoreUnavailableError } from "../../domain/stores.ts";
import type { Credential } from "../authentication/credential-directory.ts";
import type { AuthenticationVerdict } from "../authentication/request-authenticator.ts";
import type { RegistrationResult } from "../signaling-observer.ts";
import type { ExtraHeaders } from "../stateless-replies.ts";
import { formatBindingContact } from "./binding-contact.ts";
import { isRemoval } from "./is-removal.ts";
import { isRepeatedRegistration } from "./is-repeated-registration.ts";
import {
  type RegistrationReading,
  readRegistration,
  unknownExtensions,
} from "./read-registration.ts";
import type { RegistrarDependencies } from "./registrar-dependencies.ts";
import { sameContactUri } from "./requested-contacts.ts";
import { formatSipDate } from "./sip-date.ts";

/** After how long a phone that met an overload or a silent storage may come back. */
const retryAfterSeconds = 10;

/**
 * The registrar of RFC 3261 §10.3. It answers without server transactions: a repeated REGISTER
 * changes nothing, because Call-ID and CSeq tell that it is the same.
 *
 * An explicit expiry up to the limit is granted as asked; there is no jitter: phones spread
 * themselves by when they booted, and an answer that one can foresee is worth more.
 */
export class Registrar {
  readonly #needs: RegistrarDependencies;
  readonly #inProgress = new Set<string>();

  constructor(dependencies: RegistrarDependencies) {
    this.#needs = dependencies;
  }

  /** How many registrations wait for the storage. */
  get inProgress(): number {
    return this.#inProgress.size;
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
    const reading = authenticator.read(request, "registrar", realm);
    if (reading.outcome === "credentials") {
      this.#admit(incoming, reading.credentials);
    } else if (reading.outcome === "invalid" && reading.why === "malformed") {
      this.#refuse(incoming, "invalid", 400, "Malformed Authorization");
    } else {
      const challenge = authenticator.challenge(request, "registrar", realm);
      replies.send(incoming, 401, undefined, challenge);
      observer.registration("challenged");
    }
  }

  /**
   * Lets a registration wait for the storage, unless it waits already: a phone on UDP repeats itself
   * after half a second, and its nonce count, used by then, would be taken for a replay.
   */
  #admit(incoming: IncomingRequest, credentials: DigestCredentials): void {
    // With its branch and our `received` and `rport`, the Via tells this request from all others.
    const key = incoming.request.headers.get("Via") ?? "";
    if (this.#inProgress.has(key)) return;
    if (this.#inProgress.size >= this.#needs.mostInProgress) {
      this.#turnAway(incoming);
      return;
    }
    this.#inProgress.add(key);
    void this.#register(incoming, credentials, key);
  }

  async #register(
    incoming: IncomingRequest,
    credentials: DigestCredentials,
    key: string,
  ): Promise<void> {
    try {
      await this.#registerAuthenticated(incoming, credentials);
    } catch (error) {
      this.#answerFault(incoming, error);
    } finally {
      this.#inProgress.delete(key);
    }
  }

  async #registerAuthenticated(
    incoming: IncomingRequest,
    credentials: DigestCredentials,
  ): Promise<void> {
    const { authenticator, domains } = this.#needs;
    const verdict = await authenticator.verify(incoming, credentials);
    if (!verdict.ok) {
      await this.#refuseUnproved(incoming, credentials, verdict);
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
    const reading = readRegistration(incoming, credential, this.#needs.nodeId);
    if (!reading.ok) {
      this.#refuse(incoming, "invalid", reading.status, reading.reason, reading.headers);
      return;
    }
    const { registration } = reading;
    const now = this.#needs.clock.nowMilliseconds();
    const decision = await this.#needs.stores.bindings.update(
      credential.tenantId,
      credential.aor,
      now,
      (current) =>
        applyRegistration(current, registration, now, this.#needs.limits, sameContactUri),
    );
    // Step 8.
    this.#answerDecision(incoming, reading, decision, now);
    if (decision.outcome === "accepted" && !isRemoval(registration)) {
      const accepted = { callId: registration.callId, atMilliseconds: now };
      this.#needs.arrivals.arrived(credential, accepted, decision.added > 0);
    }
  }

  async #refuseUnproved(
    incoming: IncomingRequest,
    credentials: DigestCredentials,
    verdict: Extract<AuthenticationVerdict, { ok: false }>,
  ): Promise<void> {
    const { refusals, domains } = this.#needs;
    if (verdict.cause === "stale") {
      const { credential, isUsed } = verdict;
      const now = this.#needs.clock.nowMilliseconds();
      const { tenantId, aor } = credential;
      const bindings = await this.#needs.stores.bindings.find(tenantId, aor, now);
      if (this.#repeatAnswer(incoming, credential, bindings, now)) return;
      refusals.usedDigest(incoming, credential, isUsed, bindings);
    } else {
      const aor = domains.canonicalAor(incoming.request.to.uri);
      refusals.wrongDigest(incoming, aor, credentials.username);
    }
    this.#challengeAgain(incoming, credentials, verdict.cause);
  }

  /** Says again what was granted to a phone that did not hear it. @returns false: it is no repetition */
  #repeatAnswer(
    incoming: IncomingRequest,
    credential: Credential,
    bindings: readonly Binding[],
    nowMilliseconds: number,
  ): boolean {
    const reading = readRegistration(incoming, credential, this.#needs.nodeId);
    if (!reading.ok || !isRepeatedRegistration(incoming, bindings, nowMilliseconds)) return false;
    this.#accept(incoming, bindings, nowMilliseconds, reading.registration.path, reading.outbound);
    this.#needs.observer.registration("fetched");
    return true;
  }

  #challengeAgain(
    incoming: IncomingRequest,
    credentials: DigestCredentials,
    cause: "stale" | "wrong" | "held",
  ): void {
    const { authenticator, replies, observer } = this.#needs;
    if (cause === "held") {
      this.#refuse(incoming, "refused", 403, "Too Many Wrong Passwords");
      return;
    }
    const stale = cause === "stale";
    const { request } = incoming;
    const challenge = authenticator.challenge(request, "registrar", credentials.realm, stale);
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
    this.#needs.refusals.foreignAor(incoming, credential, aor);
  }

  #answerDecision(
    incoming: IncomingRequest,
    { registration, outbound }: AcceptableReading,
    decision: RegistrationDecision,
    nowMilliseconds: number,
  ): void {
    switch (decision.outcome) {
      case "accepted":
        this.#accept(incoming, decision.bindings, nowMilliseconds, registration.path, outbound);
        this.#needs.observer.registration(isRemoval(registration) ? "removed" : "accepted");
        if (decision.added > 0 || decision.removed > 0) {
          this.#needs.news.changed(registration, decision);
        }
        return;
      case "fetched":
        this.#accept(incoming, decision.current, nowMilliseconds, registration.path, false);
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
    bindings: readonly Binding[],
    nowMilliseconds: number,
    path: readonly string[],
    outbound: boolean,
  ): void {
    const headers: (readonly [string, string])[] = [];
    for (const binding of bindings) {
      headers.push(["Contact", formatBindingContact(binding, nowMilliseconds)]);
    }
    for (const value of path) headers.push(["Path", value]);
    if (outbound) headers.push(["Require", "outbound"]);
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

type AcceptableReading = Extract<RegistrationReading, { ok: true }>;

const retryLater: ExtraHeaders = [["Retry-After", String(retryAfterSeconds)]];
