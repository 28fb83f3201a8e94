import type { Device } from "../../admin-center/src/api/types.ts";

/** A device as the admin API tells it, waiting on activation and never seen, but for what is given. */
export function sampleDevice(given: Partial<Device> = {}): Device {
  return {
    macAddress: "80:5e:c0:00:00:01",
    location: "",
    state: "waiting-on-activation",
    vendor: null,
    model: null,
    firmware: null,
    supported: null,
    unsupportedReason: null,
    region: null,
    language: null,
    ipAddress: null,
    online: false,
    registeredAt: null,
    registrationExpiresAt: null,
    lastSeenAt: null,
    offBoardsAt: null,
    lastRequest: null,
    tenantName: "Contoso",
    user: null,
    policy: null,
    verificationCode: null,
    attention: [],
    ...given,
  };
}
