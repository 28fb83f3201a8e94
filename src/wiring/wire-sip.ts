import { notifyEvents } from "../../provisioning-http/phones/vendor-modules.ts";
import { vendorNamed } from "../../provisioning-http/vendor.ts";
import { tlsSettings } from "../config/tls-settings.ts";
import { registrationLimits } from "../domain/apply-registration.ts";
import type { CallRecord } from "../signaling/calls/call-log.ts";
import type { SignalingObserver } from "../signaling/signaling-observer.ts";
import { SipServer } from "../signaling/sip-server.ts";
import { type Ground, sharedSecret } from "./ground.ts";
import type { Presence } from "./wire-presence.ts";

/**
 * The SIP side: registrar, calls, feature codes, commands. Not started yet.
 * @param presence undefined until it is there: it needs the server that is made here
 */
export async function newSipServer(
  ground: Ground,
  presence: () => Presence | undefined,
): Promise<SipServer> {
  const { config, clock, stores, logger, tenant, metrics } = ground;
  const { onboardingAccounts, userAccounts } = ground;
  const sip = new SipServer({
    bindAddress: config.bindAddress,
    publicAddress: config.publicAddress,
    sipPort: config.sipPort,
    tls: { port: config.sipTlsPort, ...(await tlsSettings(config, clock.nowMilliseconds())) },
    nodeId: config.nodeId,
    stores,
    clock,
    logger,
    secrets: {
      nonce: await sharedSecret(stores, "nonces"),
      flowToken: await sharedSecret(stores, "flow-tokens"),
    },
    onboardingAccounts,
    tenant,
    registrationLimits,
    mediaPorts: config.mediaPorts,
    ...(config.trunkUri === null ? {} : { trunkUri: config.trunkUri }),
    userAccounts,
    notifyEvents: (device) => notifyEvents(vendorNamed(device.vendor)),
    ownSignIns: presence,
    observer: observerOf(ground),
  });
  metrics.watchSignaling(() => sip.counters);
  return sip;
}

function observerOf({ metrics, stores, clock, tenant }: Ground): SignalingObserver {
  const tellPages = ({ callId }: CallRecord, change: string) =>
    stores.liveEvents.publish({
      type: "call",
      tenantId: tenant.id,
      atMilliseconds: clock.nowMilliseconds(),
      subject: callId,
      change,
    });
  return {
    requestAnswered: (method, status) => metrics.requestAnswered(method, status),
    registration: (result) => metrics.registration(result),
    requestRefused: (kind) => metrics.requestRefused(kind),
    enrollment: (outcome) => metrics.enrollment(outcome),
    callStarted: (call) => {
      metrics.callStarted();
      tellPages(call, "started");
    },
    callAnswered: (call) => tellPages(call, "answered"),
    callEnded: (call) => {
      metrics.callEnded(call);
      tellPages(call, "ended");
    },
    message: (direction, _bytes, _flow, message) => {
      if (direction === "received" && message?.kind === "request") {
        metrics.requestReceived(message.method);
      }
    },
  };
}
