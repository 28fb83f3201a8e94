import type { ServedVendor } from "../../../provisioning-http/vendor.ts";
import type { PhoneHttp } from "./phone-http.ts";
import type { PhoneIdentity } from "./phone-identity.ts";
import type { NotifySettings, PhoneSettings } from "./phone-settings.ts";
import type { SeenPage } from "./seen-page.ts";

/** What a NOTIFY makes a phone do; `unknown`: this vendor's phones know no such event. */
export type NotifyReaction = "fetch" | "restart" | "nothing" | "unknown";

/** The Event of a NOTIFY, taken apart: name in lower case, and `reboot` if it was there. */
export interface NotifyEvent {
  readonly name: string;
  readonly reboot: boolean | undefined;
}

/** What reads pages on one vendor's phones. */
export interface PhoneBrowser {
  userAgent(identity: PhoneIdentity): string;
  /** @throws ScreenError when it is no page of this vendor's */
  read(body: string): SeenPage;
}

/** How one vendor's phones differ from another's. */
export interface VendorBehavior {
  readonly vendor: ServedVendor;
  /** The SIP User-Agent. */
  sipUserAgent(identity: PhoneIdentity): string;
  /** What stands behind `Contact: <uri>` in REGISTER; begins with `;` or is empty. */
  contactParameters(identity: PhoneIdentity): string;
  /** What is dialled as the user part of a Request-URI, with the URI's parameters behind it. */
  dialedUri(number: string, host: string): string;
  /**
   * Fetches what a phone of this vendor fetches when it starts or is told to, in its order.
   *
   * @param source the provisioning URL that was typed in or came by DHCP, or what `nextSource` was
   * @throws ConfigurationError when a file that the phone cannot do without is not there or not usable
   */
  fetchSettings(http: PhoneHttp, identity: PhoneIdentity, source: string): Promise<PhoneSettings>;
  /** Undefined for phones without one. */
  readonly browser: PhoneBrowser | undefined;
  /** What the phone does on a NOTIFY that it has accepted. */
  reactTo(event: NotifyEvent, settings: NotifySettings): NotifyReaction;
}

/** What Yealink, Poly and AudioCodes phones do: `check-sync` alone is known, `reboot=true` restarts. */
export function reactToCheckSync(event: NotifyEvent, settings: NotifySettings): NotifyReaction {
  if (event.name !== "check-sync") return "unknown";
  return settings.alwaysRestarts || event.reboot === true ? "restart" : "fetch";
}

/** Reads an Event header field: `check-sync;reboot=false`. */
export function readNotifyEvent(value: string): NotifyEvent {
  const [name = "", ...parameters] = value.split(";").map((part) => part.trim().toLowerCase());
  const reboot = parameters.find((parameter) => parameter.startsWith("reboot="));
  return { name, reboot: reboot === undefined ? undefined : reboot === "reboot=true" };
}
