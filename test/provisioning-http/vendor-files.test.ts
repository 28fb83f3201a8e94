import { XMLParser, XMLValidator } from "fast-xml-parser";
import { describe, expect, test } from "vitest";
import type { PhoneConfiguration } from "../../provisioning-http/phone-directory.ts";
import { ciscoStarCodes } from "../../provisioning-http/phones/cisco-star-codes.ts";
import { notifyEvents, vendorModules } from "../../provisioning-http/phones/vendor-modules.ts";
import type { ServedVendor } from "../../provisioning-http/vendor.ts";
import { sampleConfiguration } from "./recording-directory.ts";

const mac = "805ec0aabbcc";
const firmwareUrl = "http://192.0.2.10:8080/firmware/vendor/model/image-2.rom";

function render(vendor: ServedVendor, changes: Partial<PhoneConfiguration> = {}) {
  const configuration = { ...sampleConfiguration, ...changes };
  return vendorModules[vendor].render({ configuration, mac, firmwareUrl });
}

/** The settings of a file of any vendor, by name, the way its phones read them: the last one wins. */
function read(vendor: ServedVendor, text: string): Map<string, string> {
  if (vendor === "yealink" || vendor === "audiocodes") {
    const lines = text.split("\n").filter((line) => line !== "" && !/^[#;]/.test(line));
    return new Map(
      lines.map((line) => {
        const equals = line.indexOf("=");
        return [line.slice(0, equals).trim(), line.slice(equals + 1).trim()] as const;
      }),
    );
  }
  expect(XMLValidator.validate(text)).toBe(true);
  const parser = new XMLParser({
    ignoreAttributes: vendor === "cisco",
    attributeNamePrefix: "",
    parseTagValue: false,
    ignoreDeclaration: true,
  });
  const [root] = Object.values(parser.parse(text) as Record<string, Record<string, string>>);
  return new Map(Object.entries(root ?? {}));
}

function expectSettings(
  vendor: ServedVendor,
  expected: Record<string, string>,
  text = render(vendor),
) {
  const settings = read(vendor, text);
  const told = Object.fromEntries(Object.keys(expected).map((name) => [name, settings.get(name)]));
  expect(told).toEqual(expected);
}

describe("Yealink", () => {
  test("the first line is exactly the one that its phones ask for", () => {
    expect(render("yealink").split("\n")[0]).toBe("#!version:1.0.0.1");
  });

  test("account, servers, provisioning, time, language, voicemail, firmware", () => {
    expectSettings("yealink", {
      "account.1.enable": "1",
      "account.1.user_name": "+4989123456",
      "account.1.auth_name": "line-7f3a",
      "account.1.password": "Pa55-word",
      "account.1.display_name": "Lobby & <Reception>",
      "account.1.label": "Lobby +49 89 123456",
      "account.1.sip_server.1.address": "contoso.example",
      "account.1.sip_server.1.port": "5060",
      "account.1.sip_server.1.transport_type": "1",
      "account.1.sip_server.1.expires": "1800",
      "account.1.outbound_proxy_enable": "1",
      "account.1.outbound_proxy.1.address": "192.0.2.11",
      "account.1.outbound_proxy.1.port": "5062",
      "static.auto_provision.server.url": sampleConfiguration.nextProvisioningUrl,
      "static.auto_provision.repeat.minutes": "120",
      "sip.notify_reboot_enable": "0",
      "lang.gui": "German",
      "local_time.ntp_server1": "ntp.example",
      "local_time.time_zone": "+1",
      "voice_mail.number.1": "*97",
      "account.1.subscribe_mwi": "1",
      "static.firmware.url": firmwareUrl,
    });
  });

  test("*55*123456 is dialled in one go and * never sends", () => {
    expectSettings("yealink", {
      "dialplan.digitmap.enable": "0",
      "phone_setting.predial_autodial": "1",
      "phone_setting.inter_digit_time": "4",
      "features.key_as_send": "1",
    });
  });

  test.each([
    [0, "0"],
    [-12_600, "-3:30"],
    [20_700, "+5:45"],
    [-18_000, "-5"],
  ])("a UTC offset of %i s is %s", (utcOffsetSeconds, expected) => {
    const text = render("yealink", { time: { ntpServer: undefined, utcOffsetSeconds } });
    expectSettings("yealink", { "local_time.time_zone": expected }, text);
    expect(text).not.toContain("ntp_server1");
  });
});

describe("Poly", () => {
  test("account, servers, provisioning, time, language, voicemail", () => {
    expectSettings("poly", {
      "reg.1.address": "+4989123456@contoso.example",
      "reg.1.auth.userId": "line-7f3a",
      "reg.1.auth.password": "Pa55-word",
      "reg.1.displayName": "Lobby & <Reception>",
      "reg.1.label": "Lobby +49 89 123456",
      "reg.1.type": "private",
      "reg.1.server.1.address": "192.0.2.10",
      "reg.1.server.1.port": "5060",
      "reg.1.server.1.transport": "TCPOnly",
      "reg.1.server.1.register": "1",
      "reg.1.server.1.expires": "1800",
      "reg.1.outboundProxy.address": "192.0.2.11",
      "reg.1.outboundProxy.port": "5062",
      "device.set": "1",
      "device.prov.serverName": sampleConfiguration.nextProvisioningUrl,
      "device.prov.serverName.set": "1",
      "device.prov.serverType": "HTTP",
      "prov.polling.period": "7200",
      "voIpProt.SIP.specialEvent.checkSync.alwaysReboot": "0",
      "lcl.ml.lang": "German_Germany",
      "tcpIpApp.sntp.address": "ntp.example",
      "tcpIpApp.sntp.gmtOffset": "3600",
      "msg.mwi.1.callBackMode": "contact",
      "msg.mwi.1.callBack": "*97",
    });
  });

  test("*55*123456 is dialled in one go", () => {
    expectSettings("poly", {
      "dialplan.digitmap": "[0123456789*#].T",
      "dialplan.digitmap.timeOut": "3",
      "dialplan.impossibleMatchHandling": "2",
    });
  });

  test("polling is never more often than the phone takes", () => {
    expectSettings(
      "poly",
      { "prov.polling.period": "3601" },
      render("poly", { resyncSeconds: 60 }),
    );
  });
});

describe("Cisco", () => {
  test("account, servers, provisioning, time, language, voicemail, firmware", () => {
    expectSettings("cisco", {
      Line_Enable_1_: "Yes",
      User_ID_1_: "+4989123456",
      Use_Auth_ID_1_: "Yes",
      Auth_ID_1_: "line-7f3a",
      Password_1_: "Pa55-word",
      Display_Name_1_: "Lobby & <Reception>",
      Short_Name_1_: "Lobby +49 89 123456",
      Proxy_1_: "contoso.example",
      Outbound_Proxy_1_: "192.0.2.11:5062",
      Use_Outbound_Proxy_1_: "Yes",
      SIP_Transport_1_: "TCP",
      Register_Expires_1_: "1800",
      Profile_Rule: `${sampleConfiguration.nextProvisioningUrl}$MA.xml`,
      Profile_Rule_B: "",
      Resync_Periodic: "7200",
      Resync_From_SIP: "Yes",
      Resync_Fails_On_FNF: "No",
      Locale: "de-DE",
      Primary_NTP_Server: "ntp.example",
      Time_Zone: "GMT+01:00",
      Voice_Mail_Number: "*97",
      Upgrade_Rule: firmwareUrl,
    });
  });

  test("a registrar on a port of its own is named with it", () => {
    const text = render("cisco", { registrar: { host: "192.0.2.10", port: 5080 } });
    expectSettings("cisco", { Proxy_1_: "contoso.example:5080" }, text);
  });

  test("*55*123456 is dialled in one go: no code of the phone's own is left", () => {
    const settings = read("cisco", render("cisco"));
    expect(settings.get("Dial_Plan_1_")).toBe("([x*#].)");
    for (const name of ["Cfwd_All_Act_Code", "CW_Act_Code", "Call_Return_Code", "DND_Act_Code"]) {
      expect(ciscoStarCodes).toContain(name);
    }
    for (const name of ciscoStarCodes) expect(settings.get(name)).toBe("");
  });

  test("the challenge to a NOTIFY is left on, since the gateway answers it", () => {
    expect(render("cisco")).not.toContain("Auth_Resync");
  });
});

describe("the key for the pages on which a user signs in and out", () => {
  const page = (vendor: string) =>
    `http://192.0.2.10:8080/device/n3xt-s3cret/screen/${vendor}/${mac}/menu`;

  test("is a softkey of the idle screen on Yealink's, Cisco's and Poly's phones", () => {
    expectSettings("yealink", {
      "programablekey.2.type": "27",
      "programablekey.2.value": page("yealink"),
      "programablekey.2.label": "Sign out",
    });
    expectSettings("cisco", {
      Programmable_Softkey_Enable: "Yes",
      PSK_1: `fnc=xml;url=${page("cisco")};nme=Sign out`,
      XML_Application_Service_URL: page("cisco"),
    });
    expect(read("cisco", render("cisco")).get("Idle_Key_List")).toMatch(/^psk1\|1;/);
    expectSettings("poly", {
      "softkey.1.enable": "1",
      "softkey.1.use.idle": "1",
      "softkey.1.action": page("poly"),
      "softkey.1.label": "Sign out",
      "mb.main.home": page("poly"),
    });
  });

  test("is missing on AudioCodes' phones, which have no browser for it", () => {
    expect(render("audiocodes")).not.toContain("screen");
  });
});

describe("AudioCodes", () => {
  test("account, servers, provisioning, time, language, voicemail, firmware", () => {
    expectSettings("audiocodes", {
      "voip/line/0/enabled": "1",
      "voip/line/0/id": "+4989123456",
      "voip/line/0/auth_name": "line-7f3a",
      "voip/line/0/auth_password": "Pa55-word",
      "voip/line/0/description": "Lobby & <Reception>",
      "voip/signalling/sip/proxy_address": "contoso.example",
      "voip/signalling/sip/proxy_port": "5060",
      "voip/signalling/sip/proxy_timeout": "1800",
      "voip/signalling/sip/sip_outbound_proxy/enabled": "1",
      "voip/signalling/sip/sip_outbound_proxy/addr": "192.0.2.11",
      "voip/signalling/sip/sip_outbound_proxy/port": "5062",
      "voip/signalling/sip/transport_protocol": "TCP",
      "provisioning/method": "STATIC",
      "provisioning/configuration/url": `${sampleConfiguration.nextProvisioningUrl}${mac}.cfg`,
      "provisioning/firmware/url": firmwareUrl,
      "provisioning/period/hourly/hours_interval": "2",
      "personal_settings/language": "GERMAN",
      "system/ntp/primary_server_address": "ntp.example",
      "system/ntp/gmt_offset": "+01:00",
      "voip/services/msg_waiting_ind/voice_mail_number": "*97",
    });
  });

  test("no digit map stops at *55", () => {
    const map = read("audiocodes", render("audiocodes")).get("voip/signalling/sip/digit_map");
    expect(map).toMatch(/T$/);
    expect(map).not.toMatch(/\*x+(?:[;|]|$)/);
  });
});

const vendors = ["yealink", "poly", "cisco", "audiocodes"] as const;

describe.each(vendors)("%s, like all", (vendor) => {
  test("every language has a name of its own", () => {
    const languages = ["en", "es", "ja", "de", "fr", "pt"] as const;
    const texts = new Set(languages.map((language) => render(vendor, { language })));
    expect(texts.size).toBe(languages.length);
  });

  test("the admin password is set only when there is one", () => {
    expect(render(vendor)).not.toMatch(/admin/i);
    expect(render(vendor, { adminPassword: "Adm1n-secret" })).toContain("Adm1n-secret");
  });

  test.each([
    ["a line end", "Lobby\r\naccount.1.sip_server.1.address = evil.example\nvoip/line/0/id=evil"],
    ["markup", `Lobby"/><Proxy_1_>evil.example</Proxy_1_><x a="`],
    ["an entity", "Lobby &amp; &lt; &evil;"],
    ["what XML forbids", "Lobby\u0000\u0008\u000b\ufffe\uffff\ud800 x"],
    ["other line ends", "Lobby\u2028\u2029\u0085voip/line/0/id=evil"],
    ["the end of a comment", "Lobby --><Proxy_1_>evil.example</Proxy_1_><!--"],
    ["the end of a section", "Lobby ]]> <![CDATA["],
  ])("%s in a name changes no other setting", (_what, name) => {
    const plain = read(vendor, render(vendor));
    const account = { ...sampleConfiguration.account, displayName: name, label: name };
    const text = render(vendor, {
      account,
      screenTitle: name,
      configurationVersion: name,
      language: "de",
    });
    const told = read(vendor, text);
    expect([...told.keys()]).toEqual([...plain.keys()]);
    const changed = [...told]
      .filter(([key, value]) => plain.get(key) !== value)
      .map(([key]) => key);
    expect(changed.length).toBeLessThanOrEqual(3);
    for (const key of changed) {
      expect(key).toMatch(/display|label|Display_Name|Short_Name|Station_Name|description/);
      expect(told.get(key)).toMatch(/^Lobby/);
    }
  });

  test("has the Events of its phones", () => {
    expect(notifyEvents(vendor)).toEqual(
      {
        yealink: { resync: "check-sync;reboot=false", restart: "check-sync;reboot=true" },
        poly: { resync: "check-sync", restart: "check-sync" },
        cisco: { resync: "resync", restart: "reboot" },
        audiocodes: { resync: "check-sync;reboot=false", restart: "check-sync;reboot=true" },
      }[vendor],
    );
  });
});
