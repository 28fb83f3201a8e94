import type { Device, DeviceState } from "../../api/types.ts";

/** Finds devices by words. */
export type DeviceSearch = (device: Device) => boolean;

/** However a MAC address is written. */
const separators = /[\s:.-]+/g;
const partOfMacAddress = /^[0-9a-f]{2,12}$/;

/**
 * Searches what a row shows, its state in the page's language too. What it is searched in is kept
 * with each device for as long as that lives, so that a search through 20,000 takes milliseconds.
 * @param stateWords each state in words
 * @returns makes a search of what was typed: every word must be found; nothing typed finds all
 */
export function makeDeviceSearch(
  stateWords: Readonly<Record<DeviceState, string>>,
): (typed: string) => DeviceSearch {
  const texts = new WeakMap<Device, string>();
  const textOf = (device: Device): string => {
    const kept = texts.get(device);
    if (kept !== undefined) return kept;
    const text = searchedText(device, stateWords[device.state]);
    texts.set(device, text);
    return text;
  };
  return (typed) => {
    const wanted = typed.trim().toLowerCase();
    if (wanted === "") return () => true;
    const words = wanted.split(/\s+/);
    const bare = wanted.replaceAll(separators, "");
    const isMacAddress = partOfMacAddress.test(bare);
    return (device) => {
      const text = textOf(device);
      return words.every((word) => text.includes(word)) || (isMacAddress && text.includes(bare));
    };
  };
}

function searchedText(device: Device, stateWord: string): string {
  const { macAddress, user, attention } = device;
  return [
    macAddress,
    macAddress.replaceAll(":", ""),
    device.location,
    stateWord,
    user?.upn,
    user?.displayName,
    user?.phoneNumber,
    device.vendor,
    device.model,
    device.firmware,
    device.region,
    device.language,
    device.ipAddress,
    device.policy?.name,
    ...attention.map(({ text }) => text),
  ]
    .filter((text) => text !== null && text !== undefined)
    .join("\n")
    .toLowerCase();
}
