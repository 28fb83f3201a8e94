import { describe, expect, test } from "vitest";
import { identifyPhone } from "../../provisioning-http/identify-phone.ts";

const mac = "805ec0aabbcc";
const yealinkAgent = "Yealink SIP-T46S 66.86.0.15 80:5e:c0:aa:bb:cc";
const polyAgent = "FileTransport PolycomVVX-VVX_400-UA/5.9.5.7430 Type/Application";
const ccxAgent = "FileTransport PolyCCX-CCX_500-UA/9.4.1.0508 (SN:64167f9f4c90) Type/Application";
const polyBootAgent = "FileTransport PolycomVVX-VVX_400-UA/5.7.9.7430 Type/Updater";
const ciscoAgent = "Cisco-CP-8841-3PCC/11.0 (00562b043615)";
const audioCodesAgent = "AUDC-IPPhone/2.2.8.61 (440HDG-Rev0; 00908F602AAC)";
const snomAgent =
  "Mozilla/4.0 (compatible; snomD785-SIP 10.1.169.16 1.1.3-s 00041396D9B4 SXM:0 UXM:0)";

describe("who a phone is, by User-Agent and file name", () => {
  test.each([
    [yealinkAgent, `${mac}.cfg`, "yealink", mac, "T46S", "66.86.0.15", "configuration"],
    [
      "Yealink SIP-T56A 58.80.0.25 001565f429a4",
      "001565f429a4.cfg",
      "yealink",
      "001565f429a4",
      "T56A",
      "58.80.0.25",
      "configuration",
    ],
    [
      "Yealink W70B 146.85.0.20 805ec0aabbcc",
      `${mac}.cfg`,
      "yealink",
      mac,
      "W70B",
      "146.85.0.20",
      "configuration",
    ],
    [
      "W60B 77.85.0.25 001565aabbcc",
      "001565aabbcc.boot",
      "yealink",
      "001565aabbcc",
      "W60B",
      "77.85.0.25",
      "entry",
    ],
    [yealinkAgent, `${mac}.boot`, "yealink", mac, "T46S", "66.86.0.15", "entry"],
    [yealinkAgent, "y000000000000.boot", "yealink", mac, "T46S", "66.86.0.15", "optional"],
    [yealinkAgent, "y000000000066.cfg", "yealink", mac, "T46S", "66.86.0.15", "entry"],
    [yealinkAgent, `${mac}_Security.enc`, "yealink", mac, "T46S", "66.86.0.15", "optional"],
    [yealinkAgent, "nonsense.txt", "yealink", mac, "T46S", "66.86.0.15", "unknown"],
    [polyAgent, "0004f2aabbcc.cfg", "poly", "0004f2aabbcc", "VVX 400", "5.9.5.7430", "entry"],
    [polyAgent, "000000000000.cfg", "poly", undefined, "VVX 400", "5.9.5.7430", "entry"],
    [
      polyAgent,
      "0004f2aabbcc-gateway.cfg",
      "poly",
      "0004f2aabbcc",
      "VVX 400",
      "5.9.5.7430",
      "configuration",
    ],
    [
      polyAgent,
      "0004f2aabbcc-license.cfg",
      "poly",
      "0004f2aabbcc",
      "VVX 400",
      "5.9.5.7430",
      "optional",
    ],
    [
      polyAgent,
      "000000000000-directory.xml",
      "poly",
      undefined,
      "VVX 400",
      "5.9.5.7430",
      "optional",
    ],
    [polyAgent, "3111-46157-002.sip.ld", "poly", undefined, "VVX 400", "5.9.5.7430", "firmware"],
    [ccxAgent, "64167f9f4c90.cfg", "poly", "64167f9f4c90", "CCX 500", "9.4.1.0508", "entry"],
    [polyBootAgent, "0004f2aabbcc.cfg", "poly", "0004f2aabbcc", "VVX 400", undefined, "entry"],
    [ciscoAgent, "$PSN.xml", "cisco", "00562b043615", "CP-8841-3PCC", "11.0", "configuration"],
    [ciscoAgent, "8841-3PCC.xml", "cisco", "00562b043615", "CP-8841-3PCC", "11.0", "configuration"],
    [
      ciscoAgent,
      "CP-8841-3PCC.cfg",
      "cisco",
      "00562b043615",
      "CP-8841-3PCC",
      "11.0",
      "configuration",
    ],
    [
      ciscoAgent,
      "00562b043615.xml",
      "cisco",
      "00562b043615",
      "CP-8841-3PCC",
      "11.0",
      "configuration",
    ],
    [
      ciscoAgent,
      "00562b043615.cfg",
      "cisco",
      "00562b043615",
      "CP-8841-3PCC",
      "11.0",
      "configuration",
    ],
    [
      "Cisco-CP-8851-3PCC/12.0.3",
      "8851-3PCC.xml",
      "cisco",
      undefined,
      "CP-8851-3PCC",
      "12.0.3",
      "entry",
    ],
    [
      audioCodesAgent,
      "00908F602AAC.cfg",
      "audiocodes",
      "00908f602aac",
      "440HDG",
      "2.2.8.61",
      "configuration",
    ],
    [
      audioCodesAgent,
      "00908f602aac.CFG",
      "audiocodes",
      "00908f602aac",
      "440HDG",
      "2.2.8.61",
      "configuration",
    ],
    [audioCodesAgent, "440HD.img", "audiocodes", "00908f602aac", "440HDG", "2.2.8.61", "firmware"],
    [
      audioCodesAgent,
      "fw.img;00908f602aac.cfg",
      "audiocodes",
      "00908f602aac",
      "440HDG",
      "2.2.8.61",
      "configuration",
    ],
    [
      "AUDC/3.4.6.604 AUDC-IPPhone-C450HD_UC_3.4.6.604/1",
      "00908F9D8992.cfg",
      "audiocodes",
      "00908f9d8992",
      "C450HD",
      "3.4.6.604",
      "configuration",
    ],
    [
      snomAgent,
      "snomD785-00041396D9B4.htm",
      "snom",
      "00041396d9b4",
      undefined,
      undefined,
      "unknown",
    ],
    [
      "Grandstream Model HW GRP2614 SW 1.0.5.15 DevId c074ad0b63ee",
      "cfg.xml",
      "grandstream",
      "c074ad0b63ee",
      undefined,
      undefined,
      "unknown",
    ],
    [
      "Gigaset N870 IP PRO/83.V2.11.0+build.a546b91;7C2F80E0D605",
      "7C2F80E0D605.xml",
      "gigaset",
      "7c2f80e0d605",
      undefined,
      undefined,
      "unknown",
    ],
    [
      "Fanvil X6U Pro 0.0.10 0c383e2cd782",
      "0c383e2cd782.cfg",
      "fanvil",
      "0c383e2cd782",
      undefined,
      undefined,
      "unknown",
    ],
    [
      "Panasonic_KX-UT113/01.133 (0080f0c8c381)",
      "KX-UT113.cfg",
      "panasonic",
      "0080f0c8c381",
      undefined,
      undefined,
      "unknown",
    ],
  ])("%s asks for %s", (userAgent, fileName, vendor, macAddress, model, firmware, file) => {
    const { phone, file: recognized } = identifyPhone(fileName, "GET", userAgent);
    expect({ ...phone, file: recognized.file }).toEqual({
      vendor,
      mac: macAddress,
      model,
      firmware,
      bootStage: userAgent === polyBootAgent,
      file,
    });
  });
});

describe("who a phone is, when the User-Agent tells nothing", () => {
  test.each([
    ["805ec0aabbcc.cfg", "yealink", "by its prefix", "configuration"],
    ["80:5E:C0:AA:BB:CC.cfg", "yealink", "by its prefix, with colons", "configuration"],
    ["64167f9f4c90.cfg", "poly", "by its prefix", "entry"],
    ["00562b043615.cfg", "cisco", "by its prefix", "configuration"],
    ["00908f602aac.cfg", "audiocodes", "by its prefix", "configuration"],
    ["020000aabbcc.cfg", "yealink", "by default", "configuration"],
    ["020000aabbcc.xml", "cisco", "by default", "configuration"],
    ["020000aabbcc.boot", "yealink", "as nobody else asks for it", "entry"],
    ["020000aabbcc-gateway.cfg", "poly", "as nobody else asks for it", "configuration"],
    ["$PSN.xml", "cisco", "as nobody else asks for it", "entry"],
    ["SEP020000AABBCC.cnf.xml", "cisco", "as nobody else asks for it", "foreign"],
    ["CTLSEP020000AABBCC.tlv", "cisco", "as nobody else asks for it", "foreign"],
    ["ITLSEP020000AABBCC.tlv", "cisco", "as nobody else asks for it", "foreign"],
    ["440HD.img", "audiocodes", "as nobody else asks for it", "firmware"],
    ["index.html", undefined, "not at all", "unknown"],
  ])("%s is %s %s", (fileName, vendor, _how, file) => {
    for (const userAgent of ["curl/8.5.0", ""]) {
      const identification = identifyPhone(fileName, "GET", userAgent);
      expect(identification.phone.vendor).toBe(vendor);
      expect(identification.file.file).toBe(file);
    }
  });

  test("the number of a Yealink common file is not taken for a MAC", () => {
    expect(identifyPhone("y000000000028.cfg", "GET", "").phone.mac).toBeUndefined();
  });

  test("the User-Agent's vendor goes before the prefix of the MAC", () => {
    expect(identifyPhone(`${mac}.cfg`, "GET", polyAgent).phone.vendor).toBe("poly");
  });

  test("the path's MAC goes before the User-Agent's", () => {
    expect(identifyPhone("001565000001.cfg", "GET", yealinkAgent).phone.mac).toBe("001565000001");
  });

  test("only what Poly phones put is an upload", () => {
    for (const name of ["boot.log", "app.log", "phone.cfg", "web.cfg", "directory.xml"]) {
      expect(identifyPhone(`0004f2aabbcc-${name}`, "PUT", polyAgent).file.file).toBe("upload");
    }
    expect(identifyPhone("0004f2aabbcc.cfg", "PUT", polyAgent).file.file).toBe("unknown");
    expect(identifyPhone(`${mac}-boot.log`, "PUT", yealinkAgent).file.file).toBe("unknown");
  });
});
