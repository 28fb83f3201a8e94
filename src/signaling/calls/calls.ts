import type { SipRequest } from "../../../sip/message/sip-message.ts";
import { isSipUri } from "../../../sip/message/sip-uri.ts";
import type {
  ForwardAttempt,
  ForwardObserver,
  ProxyTarget,
} from "../../../sip/proxy/proxy-target.ts";
import type { SipProxy } from "../../../sip/proxy/sip-proxy.ts";
import type { ServerTransaction } from "../../../sip/transaction/transaction-layer.ts";
import type { IncomingRequest } from "../../../sip/transport/transport-layer.ts";
import type { DialedNumber } from "../../domain/classify-dialed-number.ts";
import { StoreUnavailableError } from "../../domain/stores.ts";
import { answer, isAnswered } from "../answer.ts";
import type { Credential } from "../authentication/credential-directory.ts";
import type { ServedDomains } from "../served-domains.ts";
import type { SignalingLogger } from "../signaling-logger.ts";
import type { ActivationCalls } from "./activation-calls.ts";
import type { CallLog, CallRecord } from "./call-log.ts";
import type { CalleeDirectory } from "./callee-directory.ts";
import type { Callers } from "./callers.ts";
import type { CallingRights } from "./calling-rights.ts";
import { readDialedNumber } from "./dialed-number.ts";
import type { FeatureCalls } from "./feature-calls.ts";
import type { Ringing } from "./ringing.ts";
import type { Trunk } from "./trunk.ts";
import type { UserCallRoute, UserCallRoutes } from "./user-call-routes.ts";

/** What calls need. */
export interface CallsDependencies {
  readonly domains: ServedDomains;
  readonly callers: Callers;
  readonly callees: CalleeDirectory;
  readonly rights: CallingRights;
  readonly routes: UserCallRoutes;
  readonly ringing: Ringing;
  readonly trunk: Trunk | undefined;
  readonly activations: ActivationCalls;
  readonly features: FeatureCalls;
  readonly proxy: SipProxy;
  readonly callLog: CallLog;
  readonly logger: SignalingLogger;
  /** Whether the same request came by another way already (RFC 3261 §8.2.2.2). */
  readonly isMerged: (transaction: ServerTransaction) => boolean;
}

/** Whose request it is, and where to. */
interface AuthenticatedRequest {
  readonly transaction: ServerTransaction;
  readonly credential: Credential;
}

/**
 * Requests outside a dialog that are for somebody: INVITE, and MESSAGE and REFER the same way. The
 * sender is authenticated before anything else is looked at; then what he dialled decides.
 */
export class Calls {
  readonly #needs: CallsDependencies;
  #inProgress = 0;

  constructor(dependencies: CallsDependencies) {
    this.#needs = dependencies;
  }

  /** How many requests are being looked at; those that were forwarded or answered are not. */
  get inProgress(): number {
    return this.#inProgress;
  }

  /** Answers or forwards the request. Never rejects. */
  async onRequest(transaction: ServerTransaction, incoming: IncomingRequest): Promise<void> {
    this.#inProgress++;
    // Until the call is forwarded, who then takes care of a CANCEL himself (RFC 3261 §9.2).
    transaction.onCancel = () => answer(transaction, 487);
    try {
      const credential = await this.#needs.callers.identify(transaction, incoming);
      if (credential === undefined || isAnswered(transaction)) return;
      const dialed = readDialedNumber(transaction.request.uri);
      if (dialed === undefined || !this.#servesRequestUri(transaction.request)) {
        answer(transaction, 404);
        return;
      }
      await this.#dispatch({ transaction, credential }, dialed);
    } catch (error) {
      this.#answerFault(transaction, error);
    } finally {
      this.#inProgress--;
    }
  }

  #dispatch(request: AuthenticatedRequest, dialed: DialedNumber): Promise<void> | void {
    const { transaction, credential } = request;
    const isCall = transaction.request.method === "INVITE";
    if (isCall && (dialed.kind === "activation" || dialed.kind === "feature-code")) {
      return this.#dialCode(request, dialed);
    }
    if (isCall && dialed.kind === "emergency") {
      this.#forwardToTrunk(request, dialed.number, "emergency");
      return;
    }
    if (credential.upn === null) {
      answer(transaction, 403, "Sign in to make calls");
      return;
    }
    switch (dialed.kind) {
      case "activation":
      case "feature-code":
        answer(transaction, 404, "Unknown feature code");
        return;
      case "emergency":
        answer(transaction, 404);
        return;
      case "number":
      case "name":
        return this.#callUser(request, credential.upn, dialed);
    }
  }

  #dialCode(
    { transaction, credential }: AuthenticatedRequest,
    dialed: Extract<DialedNumber, { kind: "activation" | "feature-code" }>,
  ): Promise<void> | void {
    const { activations, features, isMerged } = this.#needs;
    if (isMerged(transaction)) {
      answer(transaction, 482);
      return;
    }
    return dialed.kind === "activation"
      ? activations.activate(transaction, credential, dialed.code)
      : features.dial(transaction, credential, dialed);
  }

  async #callUser(
    request: AuthenticatedRequest,
    upn: string,
    dialed: Extract<DialedNumber, { kind: "number" | "name" }>,
  ): Promise<void> {
    const { callees, domains, rights, routes } = this.#needs;
    const { transaction, credential } = request;
    if (!(await rights.mayCall(credential.tenantId, upn))) {
      answer(transaction, 403, "Your calling policy does not allow calls from SIP devices");
      return;
    }
    const { uri } = transaction.request;
    const callee = await callees.find(dialed, isSipUri(uri) ? domains.realmFor(uri) : "");
    switch (callee.kind) {
      case "unknown":
        if (dialed.kind === "number") this.#callOutside(request, dialed.number);
        else answer(transaction, 404);
        return;
      case "unreachable":
        answer(transaction, 480);
        return;
      case "user": {
        const rings = asksForAttention(transaction.request);
        return this.#follow(request, await routes.find(callee, { rings, trail: [upn] }), rings);
      }
    }
  }

  async #follow(
    request: AuthenticatedRequest,
    route: UserCallRoute,
    rings: boolean,
  ): Promise<void> {
    switch (route.to) {
      case "user": {
        const attempt = await this.#needs.ringing.attempt(route, rings);
        this.#forward(request, attempt, { kind: "user", to: route.aor });
        return;
      }
      case "number":
        this.#callOutside(request, route.number);
        return;
      case "nobody":
        answer(request.transaction, route.status, route.reason);
        return;
    }
  }

  #callOutside(request: AuthenticatedRequest, number: string): void {
    if (this.#needs.trunk === undefined) answer(request.transaction, 404);
    else this.#forwardToTrunk(request, number, "trunk");
  }

  #forwardToTrunk(
    request: AuthenticatedRequest,
    number: string,
    kind: "trunk" | "emergency",
  ): void {
    const { trunk } = this.#needs;
    if (trunk === undefined) {
      answer(request.transaction, 503, "No trunk is configured for emergency calls");
      return;
    }
    this.#forward(request, { targetGroups: [[trunk.targetFor(number)]] }, { kind, to: number });
  }

  #forward(
    { transaction, credential }: AuthenticatedRequest,
    attempt: ForwardAttempt,
    callee: Pick<CallRecord, "kind" | "to">,
  ): void {
    // Given up while the storage was asked.
    if (isAnswered(transaction)) return;
    const { callId, method } = transaction.request;
    const observer: ForwardObserver = method === "INVITE" ? this.#observe(callId) : {};
    if (method === "INVITE") {
      this.#needs.callLog.start({ callId, from: credential.aor, ...callee });
    }
    this.#needs.proxy.forward(transaction, {
      ...attempt,
      prepare: (copy, target) => assertIdentity(copy, credential, target),
      observer,
    });
  }

  #observe(callId: string): ForwardObserver {
    const { callLog, ringing } = this.#needs;
    return {
      onFinal: ({ status }, target) => {
        const by = target === undefined ? undefined : ringing.aorOf(target);
        if (status < 300) callLog.answered(callId, status, by);
        else callLog.failed(callId, status);
      },
    };
  }

  #servesRequestUri(request: SipRequest): boolean {
    const { uri } = request;
    return !isSipUri(uri) || this.#needs.domains.serves(uri.host);
  }

  #answerFault(transaction: ServerTransaction, error: unknown): void {
    if (error instanceof StoreUnavailableError) {
      answer(transaction, 503, "Storage Unavailable", [["Retry-After", "10"]]);
      this.#needs.logger.warn({ err: error }, "A request was not served: no storage");
      return;
    }
    answer(transaction, 500);
    this.#needs.logger.error({ err: error }, "A request failed");
  }
}

/**
 * What of identity goes along: never the caller's digest, which was meant for us, and never an
 * identity that a phone claims by itself (RFC 3325 §6). The trunk, which cannot ask the phone, is
 * told the one that was proved.
 */
function assertIdentity(copy: SipRequest, credential: Credential, target: ProxyTarget): void {
  copy.headers.delete("Proxy-Authorization");
  copy.headers.delete("P-Asserted-Identity");
  if (target.registered !== true) copy.headers.set("P-Asserted-Identity", `<${credential.aor}>`);
}

/** An INVITE with Replaces is for a dialog that the user is in already (RFC 3891). */
function asksForAttention({ method, headers }: SipRequest): boolean {
  return method === "INVITE" && !headers.has("Replaces");
}
