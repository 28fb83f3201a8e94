import { readFileSync } from "node:fs";
import { isOlder, parseFirmwareVersion } from "./firmware-version.ts";
import { bareModel } from "./model-name.ts";
import type { IdentifiedPhone } from "./phone-directory.ts";
import { type ServedVendor, type Vendor, vendorName, vendors } from "./vendor.ts";

/**
 * Whether a phone is in the list of compatible devices with firmware that is not too old. `note` says what could
 * not be told; `reason` is a line an administrator can act on.
 */
export type Compatibility =
  | { readonly supported: true; readonly note?: string }
  | { readonly supported: false; readonly reason: string };

/** A line of the list of compatible devices. */
export interface CompatibleDevice {
  readonly vendor: Vendor;
  /** As listed, e.g. `T46S`, `Trio 8800`, `ATA191-MPP`. */
  readonly model: string;
  /** As listed, e.g. `11.1.1MPP`; undefined where the list names none. */
  readonly leastFirmware: string | undefined;
  readonly approvedFirmware: string;
}

const servedVendors: ReadonlySet<Vendor> = new Set<ServedVendor>([
  "yealink",
  "poly",
  "cisco",
  "audiocodes",
]);

/** AudioCodes' SIP train 2.x; the list names the least of the UC train (3.x) for phones that run either, and 2.2.8 for the 405, which has no other. */
const audioCodesSipTrain = { major: 2, least: [2, 2, 8], text: "2.2.8" };

/** Yealink numbers the Skype for Business editions 8 and 9 and the Teams editions 15, whatever the hardware. */
const yealinkTeamsVersions: ReadonlySet<number | undefined> = new Set([8, 9, 15]);

const notTold = "Model and firmware not told from a User-Agent, so not checked";

/** The list of compatible devices, and its judgement of a phone. */
export class CompatibleDevices {
  /** Every line of the list, in its order. */
  readonly list: readonly CompatibleDevice[];
  readonly #devices: ReadonlyMap<string, CompatibleDevice>;

  constructor(devices: readonly CompatibleDevice[]) {
    this.list = devices;
    const byKey = new Map<string, CompatibleDevice>();
    for (const device of devices) {
      const key = deviceKey(device.vendor, listedModel(device.model));
      if (!byKey.has(key)) byKey.set(key, device);
    }
    this.#devices = byKey;
  }

  /** The list that comes with the gateway. Reads a file of a few kilobytes, synchronously: for the start. */
  static load(): CompatibleDevices {
    const text = readFileSync(new URL("./compatible-devices.tsv", import.meta.url), "utf8");
    return new CompatibleDevices(parseDevices(text));
  }

  /** The listed device of that model, however the phone spells it (`VVX_400`, `SIP-T46S`, `CP-8841-3PCC`, `440HDG`). */
  find(vendor: Vendor, model: string): CompatibleDevice | undefined {
    const key = deviceKey(vendor, model);
    // AudioCodes' G is the same phone with a gigabit port; the list does not name it for every model.
    return this.#devices.get(key) ?? this.#devices.get(key.replace(/(?<=hd)g$/, ""));
  }

  /** Judges from what the phone says of itself. What it does not say is not held against it. */
  judge(phone: IdentifiedPhone): Compatibility {
    const { vendor, model, firmware } = phone;
    if (vendor === undefined) return { supported: true, note: notTold };
    if (!servedVendors.has(vendor)) return { supported: false, reason: this.#notServed(vendor) };
    if (model === undefined) return { supported: true, note: notTold };
    const device = this.find(vendor, model);
    if (device === undefined) {
      const reason = `Model ${model} of ${vendorName(vendor)} is not in the list of compatible devices`;
      return { supported: false, reason };
    }
    if (phone.bootStage) return { supported: true };
    return judgeFirmware(device, firmware);
  }

  #notServed(vendor: Vendor): string {
    const isListed = [...this.#devices.values()].some((device) => device.vendor === vendor);
    return isListed
      ? `${vendorName(vendor)} phones are not served yet`
      : `${vendorName(vendor)} phones are not in the list of compatible devices`;
  }
}

function judgeFirmware(device: CompatibleDevice, firmware: string | undefined): Compatibility {
  const { vendor, leastFirmware } = device;
  const version = firmware === undefined ? undefined : parseFirmwareVersion(vendor, firmware);
  if (firmware === undefined || version === undefined) {
    return {
      supported: true,
      note: "Firmware version not told from the User-Agent, so not checked",
    };
  }
  if (vendor === "yealink" && yealinkTeamsVersions.has(version[0])) {
    return skypeForBusiness(firmware, "the SIP edition of the firmware");
  }
  if (leastFirmware === undefined) return { supported: true };
  const least = parseFirmwareVersion(vendor, leastFirmware) ?? [];
  if (vendor === "audiocodes" && version[0] === audioCodesSipTrain.major) {
    return isOlder(version, audioCodesSipTrain.least)
      ? tooOld(firmware, audioCodesSipTrain.text)
      : { supported: true };
  }
  if (!isOlder(version, least)) return { supported: true };
  // Where a 2.x is approved, a 3.x below the least is of the Skype for Business train.
  return vendor === "audiocodes" && version[0] === 3 && device.approvedFirmware.startsWith("2.")
    ? skypeForBusiness(firmware, `SIP firmware ${device.approvedFirmware} or UC ${leastFirmware}`)
    : tooOld(firmware, leastFirmware);
}

function tooOld(firmware: string, least: string): Compatibility {
  const reason = `Firmware ${firmware} is older than the least compatible one, ${least}: upgrade the phone first`;
  return { supported: false, reason };
}

function skypeForBusiness(firmware: string, instead: string): Compatibility {
  const reason = `Firmware ${firmware} is for Skype for Business or Teams: load ${instead}`;
  return { supported: false, reason };
}

/** What the list adds to a model's name and no phone says: the region of a DECT base, the brand of one carrier. */
function listedModel(model: string): string {
  return model.replace(/ (?:NOAM|EMEA|APAC)$/, "").replace(/^Omegaline /, "");
}

function deviceKey(vendor: Vendor, model: string): string {
  return `${vendor} ${bareModel(model)}`;
}

function parseDevices(text: string): CompatibleDevice[] {
  const byName = new Map(vendors.map((vendor) => [vendorName(vendor), vendor]));
  const [, ...lines] = text.trim().split("\n");
  return lines.map((line) => {
    const [name = "", model = "", , least = "", approved = ""] = line.split("\t");
    const vendor = byName.get(name);
    if (vendor === undefined)
      throw new Error(`compatible-devices.tsv names an unknown vendor: ${name}`);
    return {
      vendor,
      model,
      leastFirmware: least === "" ? undefined : least,
      approvedFirmware: approved,
    };
  });
}
