import { describe, expect, test } from "vitest";
import { CompatibleDevices } from "../../provisioning-http/compatible-devices.ts";
import type { Vendor } from "../../provisioning-http/vendor.ts";

const devices = CompatibleDevices.load();

function judge(vendor: Vendor | undefined, model?: string, firmware?: string, bootStage = false) {
  return devices.judge({ vendor, model, firmware, mac: undefined, bootStage });
}

describe("phones of the list with firmware that is new enough", () => {
  test.each<[Vendor, string, string]>([
    ["yealink", "T46S", "66.86.0.15"],
    ["yealink", "T42U", "108.86.0.45"],
    ["yealink", "T46S", "66.83.0.10"],
    ["yealink", "T21P_E2", "52.84.0.125"],
    ["yealink", "SIP-T54W", "96.86.5.1"],
    ["yealink", "W70B", "146.85.0.20"],
    ["poly", "VVX 400", "5.9.5.0614"],
    ["poly", "VVX_250", "6.4.6.2656"],
    ["poly", "VVX601", "5.9.10"],
    ["poly", "Trio 8800", "5.9.5.3182"],
    ["poly", "Edge E450", "8.2.2.1176"],
    ["cisco", "CP-8841-3PCC", "11.1.1"],
    ["cisco", "8832-3PCC", "11.3.5MPP"],
    ["cisco", "CP-8861-3PCC", "sip88xx.12-0-3MPP0001-45"],
    ["cisco", "CP-8851-3PCC", "12-0-3MPP"],
    ["cisco", "DP-9851", "PhoneOS.3.3.1"],
    ["cisco", "ATA192-MPP", "11-2-2MPP0101-013"],
    ["audiocodes", "440HD", "2.2.16.681"],
    ["audiocodes", "440HDG", "2.2.16"],
    ["audiocodes", "440HDG-Rev0", "2.2.8.61"],
    ["audiocodes", "440HD", "3.2.1.55"],
    ["audiocodes", "C450HD", "UC_3.4.8.808"],
    ["audiocodes", "405", "2.2.8"],
  ])("%s %s %s", (vendor, model, firmware) => {
    expect(judge(vendor, model, firmware)).toEqual({ supported: true });
  });
});

describe("phones that are refused, with a reason to act on", () => {
  test.each<[Vendor, string | undefined, string | undefined, string]>([
    [
      "yealink",
      "T46S",
      "66.82.0.20",
      "Firmware 66.82.0.20 is older than the least compatible one, 83: upgrade the phone first",
    ],
    [
      "yealink",
      "T22P",
      "7.73.0.50",
      "Model T22P of Yealink is not in the list of compatible devices",
    ],
    [
      "yealink",
      "T46S",
      "66.9.0.45",
      "Firmware 66.9.0.45 is for Skype for Business or Teams: load the SIP edition of the firmware",
    ],
    [
      "poly",
      "VVX 400",
      "5.9.4.9999",
      "Firmware 5.9.4.9999 is older than the least compatible one, 5.9.5: upgrade the phone first",
    ],
    [
      "poly",
      "VVX 400",
      "4.1.4.7430",
      "Firmware 4.1.4.7430 is older than the least compatible one, 5.9.5: upgrade the phone first",
    ],
    [
      "poly",
      "Edge E450",
      "8.1.0.12773",
      "Firmware 8.1.0.12773 is older than the least compatible one, 8.1.0.12774: upgrade the phone first",
    ],
    ["poly", "VVX 999", "6.4.0", "Model VVX 999 of Poly is not in the list of compatible devices"],
    [
      "poly",
      "CCX 500",
      "9.4.1.0508",
      "Model CCX 500 of Poly is not in the list of compatible devices",
    ],
    [
      "cisco",
      "CP-8841-3PCC",
      "11.0",
      "Firmware 11.0 is older than the least compatible one, 11.1.1MPP: upgrade the phone first",
    ],
    [
      "cisco",
      "CP-8832-3PCC",
      "11.3.4MPP",
      "Firmware 11.3.4MPP is older than the least compatible one, 11.3.5MPP: upgrade the phone first",
    ],
    [
      "audiocodes",
      "440HD",
      "2.2.4",
      "Firmware 2.2.4 is older than the least compatible one, 2.2.8: upgrade the phone first",
    ],
    [
      "audiocodes",
      "440HD",
      "3.0.5",
      "Firmware 3.0.5 is for Skype for Business or Teams: load SIP firmware 2.2.16.681 or UC 3.2.1",
    ],
    [
      "audiocodes",
      "445HD",
      "3.1.0",
      "Firmware 3.1.0 is older than the least compatible one, 3.2.1: upgrade the phone first",
    ],
    ["snom", undefined, undefined, "Snom phones are not served yet"],
    ["gigaset", undefined, undefined, "Gigaset phones are not served yet"],
    [
      "grandstream",
      undefined,
      undefined,
      "Grandstream phones are not in the list of compatible devices",
    ],
  ])("%s %s %s", (vendor, model, firmware, reason) => {
    expect(judge(vendor, model, firmware)).toEqual({ supported: false, reason });
  });
});

describe("what a phone does not say", () => {
  test("is not held against it, and is noted", () => {
    for (const verdict of [judge(undefined), judge("yealink"), judge("yealink", "T46S", "beta")]) {
      expect(verdict).toEqual({ supported: true, note: expect.stringContaining("not checked") });
    }
  });

  test("at Poly's boot stage the version is the boot loader's and is not judged", () => {
    expect(judge("poly", "VVX 400", undefined, true)).toEqual({ supported: true });
    expect(judge("poly", "VVX 999", undefined, true)).toMatchObject({ supported: false });
  });
});

test("the approved firmware of a listed device is accepted", () => {
  for (const [vendor, model, firmware] of [
    ["yealink", "T57W", "96.86.5.1"],
    ["poly", "OBi 302", "3.2.5.8732"],
    ["poly", "Rove B2", "8.0.11"],
    ["cisco", "7811", "12-0-3MPP"],
    ["audiocodes", "MP1288-FXS", "7.40A.600.014"],
  ] as const) {
    expect(devices.find(vendor, model)?.model).toBe(model);
    expect(judge(vendor, model, firmware)).toEqual({ supported: true });
  }
});
