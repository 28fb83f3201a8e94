import type { Device } from "./device.ts";

/**
 * Tells a device's phone to fetch its configuration. It is given the device as it was, with the
 * accounts that the phone still has, and resolves when the phone's binding is found and the message
 * is on its way; what the phone says to it is not waited for.
 */
export type TellPhone = (device: Device) => Promise<void>;
