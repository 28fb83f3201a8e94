import type { SipProxy } from "../../../sip/proxy/sip-proxy.ts";
import type { ServerTransaction } from "../../../sip/transaction/transaction-layer.ts";
import type { Device } from "../../domain/device.ts";
import type { Announcer } from "../announcements/announcer.ts";
import { ConfirmationTone } from "../announcements/confirmation-tone.ts";
import { SpokenWords } from "../announcements/spoken-words.ts";
import type { BindingTargets } from "../binding-targets.ts";
import type { ServedDomains } from "../served-domains.ts";
import { noObserver } from "../signaling-observer.ts";
import type { SipServerOptions } from "../sip-server-options.ts";
import { ActivationCalls } from "./activation-calls.ts";
import { CallHandlingCodes } from "./call-handling-codes.ts";
import type { CallLog } from "./call-log.ts";
import { CalleeDirectory } from "./callee-directory.ts";
import type { Callers } from "./callers.ts";
import { CallingRights } from "./calling-rights.ts";
import { Calls } from "./calls.ts";
import { FeatureCalls } from "./feature-calls.ts";
import { Ringing } from "./ringing.ts";
import { SignInCodes } from "./sign-in-codes.ts";
import { Trunk } from "./trunk.ts";
import { UserCallRoutes } from "./user-call-routes.ts";

/** What of the rest of the server calls stand on. */
export interface CallsGround {
  readonly domains: ServedDomains;
  readonly callers: Callers;
  readonly targets: BindingTargets;
  readonly announcer: Announcer;
  readonly proxy: SipProxy;
  readonly callLog: CallLog;
  /** Called when an enrolled device's call is over. */
  readonly onEnrolled: (device: Device) => void;
  readonly isMerged: (transaction: ServerTransaction) => boolean;
}

/**
 * Makes what serves calls and feature codes.
 * @throws SipParseError, TypeError when the trunk's URI is no SIP URI
 */
export function makeCalls(
  options: SipServerOptions,
  ground: CallsGround,
): { readonly calls: Calls; readonly activations: ActivationCalls } {
  const { clock, stores, tenant, trunkUri, logger, observer = noObserver } = options;
  const { announcer, targets, callLog, onEnrolled } = ground;
  const tone = new ConfirmationTone();
  const activations = new ActivationCalls({
    clock,
    stores,
    announcer,
    tone,
    onEnrolled,
    callLog,
    observer,
    logger,
  });
  const callees = new CalleeDirectory({ users: stores.users, tenant });
  const rights = new CallingRights({ stores, clock });
  const trunk = trunkUri === undefined ? undefined : new Trunk(trunkUri);
  const isInCall = (aor: string) => callLog.isInCall(aor);
  const routes = new UserCallRoutes({ callees, rights, tenant, isInCall });
  const ringing = new Ringing({ clock, stores, routes, targets, trunk });
  const callHandling = new CallHandlingCodes({ ...stores, clock, rights, tone });
  const { ownSignIns: signIns = () => undefined } = options;
  const signIn = new SignInCodes({ signIns, words: new SpokenWords(), tone, logger });
  const services = { ...callHandling.services, ...signIn.services };
  const features = new FeatureCalls({ announcer, callLog, services });
  const parts = { callees, rights, routes, ringing, trunk, activations, features, logger };
  return { calls: new Calls({ ...ground, ...parts }), activations };
}
