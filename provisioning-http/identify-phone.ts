import { findMac, vendorByMacPrefix } from "./mac-address.ts";
import type { IdentifiedPhone } from "./phone-directory.ts";
import { otherVendor } from "./phones/other-vendors.ts";
import type { RecognizedFile, UserAgentFacts, VendorModule } from "./phones/vendor-module.ts";
import { vendorModule, vendorModules } from "./phones/vendor-modules.ts";
import type { Vendor } from "./vendor.ts";

/** Who asks, and what for. */
export interface Identification {
  readonly phone: IdentifiedPhone;
  readonly file: RecognizedFile;
  /** What writes the file; undefined when the vendor is unknown or not served. */
  readonly module: VendorModule | undefined;
}

const modules = Object.values(vendorModules);
const unknownFile: RecognizedFile = { file: "unknown", mac: undefined };
/** Numbers of Yealink's common files look like MACs. */
const commonFile = /^y\d{12}/i;

/**
 * Tells the phone from its request. The vendor is the one the User-Agent names; without one (curl,
 * a browser) the one that alone asks for such a file; then the one whose prefix the MAC has; then
 * Yealink for `<mac>.cfg` and Cisco for `<mac>.xml`. The MAC is the path's, else the User-Agent's.
 *
 * @param fileName last part of the path, percent-decoded.
 * @param userAgent sanitised and bounded.
 */
export function identifyPhone(fileName: string, method: string, userAgent: string): Identification {
  const told = readUserAgent(userAgent);
  const fileMac = commonFile.test(fileName) ? undefined : findMac(fileName);
  const vendor = told?.vendor ?? guessVendor(fileName, fileMac);
  const module = vendorModule(vendor);
  const file =
    module?.recognizeFile(fileName, method, told?.facts) ??
    modules
      .map((other) => other.recognizeFile(fileName, method, told?.facts))
      .find((recognized) => recognized?.file === "foreign") ??
    unknownFile;
  const facts = told?.facts;
  const phone: IdentifiedPhone = {
    vendor,
    mac: file.mac ?? fileMac ?? facts?.mac,
    model: facts?.model,
    firmware: facts?.firmware,
    bootStage: facts?.bootStage ?? false,
  };
  return { phone, file, module };
}

/** What stands in a phone's User-Agent; undefined when it is no phone's. */
function readUserAgent(
  userAgent: string,
): { readonly vendor: Vendor; readonly facts: UserAgentFacts } | undefined {
  for (const module of modules) {
    const facts = module.readUserAgent(userAgent);
    if (facts !== undefined) return { vendor: module.vendor, facts };
  }
  const vendor = otherVendor(userAgent);
  if (vendor === undefined) return undefined;
  const mac = findMac(userAgent);
  return { vendor, facts: { model: undefined, firmware: undefined, mac, bootStage: false } };
}

function guessVendor(fileName: string, mac: string | undefined): Vendor | undefined {
  const owner = modules.find((module) => module.ownsFile(fileName))?.vendor;
  if (owner !== undefined) return owner;
  const byPrefix = mac === undefined ? undefined : vendorByMacPrefix(mac);
  if (byPrefix !== undefined) return byPrefix;
  if (mac === undefined) return undefined;
  if (/\.cfg$/i.test(fileName)) return "yealink";
  return /\.xml$/i.test(fileName) ? "cisco" : undefined;
}
