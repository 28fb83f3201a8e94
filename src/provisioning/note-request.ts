import type { PhoneRequest, PhoneRequestOutcome } from "../../provisioning-http/phone-directory.ts";
import { vendorName } from "../../provisioning-http/vendor.ts";
import { type Device, isEnrolled, type LastRequest } from "../domain/device.ts";
import { isRegionId } from "../domain/region.ts";

/** A device after a request, and the line that its history gains, if any. */
export interface NotedRequest {
  readonly device: Device;
  readonly event:
    | { readonly kind: "configuration-fetched" | "configuration-refused"; readonly text: string }
    | undefined;
}

/**
 * Writes a request into its device: the request itself always, what it says of the phone only
 * where it may be believed. A request that was refused comes from somebody who knows the MAC, and
 * an enrolled device's model and address are not theirs to change.
 */
export function noteRequest(
  device: Device,
  request: PhoneRequest,
  outcome: PhoneRequestOutcome,
  nowMilliseconds: number,
): NotedRequest {
  const note = outcome.note ?? "";
  const lastRequest: LastRequest = {
    atMilliseconds: nowMilliseconds,
    path: request.path,
    userAgent: request.userAgent,
    status: outcome.status,
    note,
  };
  const believed = outcome.status !== 403 || !isEnrolled(device);
  const described = believed ? describe(device, request) : device;
  const told = tellsSomething(device, request, outcome) ? lastRequest : device.lastRequest;
  return {
    device: { ...described, lastSeenAtMilliseconds: nowMilliseconds, lastRequest: told },
    event: eventOf(request, outcome, note),
  };
}

/** Phones end a boot by asking for files that need not be there; that would hide how the boot went. */
function tellsSomething(
  device: Device,
  request: PhoneRequest,
  outcome: PhoneRequestOutcome,
): boolean {
  return !(request.file === "optional" && outcome.status === 404 && device.lastRequest !== null);
}

function describe(device: Device, request: PhoneRequest): Device {
  const { phone, compatibility } = request;
  const knowsModel = phone.vendor !== undefined && phone.model !== undefined;
  return {
    ...device,
    vendor: phone.vendor === undefined ? device.vendor : vendorName(phone.vendor),
    model: phone.model ?? device.model,
    firmware: phone.firmware ?? device.firmware,
    ...(knowsModel || !compatibility.supported
      ? {
          supported: compatibility.supported,
          unsupportedReason: compatibility.supported ? null : compatibility.reason,
        }
      : {}),
    region:
      request.region !== undefined && isRegionId(request.region) ? request.region : device.region,
    language: request.language ?? device.language,
    ipAddress: request.address,
  };
}

function eventOf(
  request: PhoneRequest,
  outcome: PhoneRequestOutcome,
  note: string,
): NotedRequest["event"] {
  if (outcome.status === 403) {
    return { kind: "configuration-refused", text: `Refused to ${request.address}: ${note}` };
  }
  if (request.file !== "configuration" || outcome.status !== 200) return undefined;
  return { kind: "configuration-fetched", text: `Configuration fetched by ${request.address}.` };
}
