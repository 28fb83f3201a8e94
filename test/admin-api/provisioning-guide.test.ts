import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CompatibleDevices } from "../../provisioning-http/compatible-devices.ts";
import { parseProvisioningPath } from "../../provisioning-http/provisioning-path.ts";
import { regionIds } from "../../src/domain/region.ts";
import { type AdminFixture, startAdminFixture, tenant } from "./admin-fixture.ts";

interface Guide {
  readonly vendors: readonly {
    readonly vendor: string;
    readonly dhcpOption: number;
    readonly urls: readonly {
      readonly region: string;
      readonly url: string;
      readonly tenantUrl: string;
      readonly languageUrls: readonly { readonly language: string; readonly url: string }[];
    }[];
    readonly ways: readonly { readonly place: string; readonly steps: readonly string[] }[];
  }[];
}

let fixture: AdminFixture;
let guide: Guide;
beforeAll(async () => {
  fixture = await startAdminFixture();
  guide = (await fixture.call({ url: "/api/v1/provisioning-guide" })).json;
});
afterAll(() => fixture.stop());

describe("GET /provisioning-guide", () => {
  test("tells the URL of each served vendor and region, with the phone's macro where it needs one", () => {
    const urls = Object.fromEntries(
      guide.vendors.map(({ vendor, urls }) => [vendor, urls[1]?.url]),
    );
    expect(urls).toEqual({
      Yealink: "http://192.0.2.10:8080/emea/",
      Poly: "http://192.0.2.10:8080/emea/",
      Cisco: "http://192.0.2.10:8080/emea/$PSN.xml",
      AudioCodes: "http://192.0.2.10:8080/emea/",
    });
    for (const { vendor, urls } of guide.vendors) {
      expect(
        urls.map(({ region }) => region),
        vendor,
      ).toEqual(regionIds);
    }
  });

  test("every URL is read by the provisioning server as it is meant", () => {
    const read = (url: string) => {
      const { pathname, host } = new URL(url);
      return parseProvisioningPath(pathname, host, regionIds);
    };
    for (const { region, url, tenantUrl, languageUrls } of guide.vendors.flatMap((v) => v.urls)) {
      expect(read(url)).toMatchObject({ region, language: undefined, tenantId: undefined });
      expect(read(tenantUrl)).toMatchObject({ region, tenantId: tenant.id });
      expect(languageUrls.map(({ language }) => language)).toEqual(["es", "ja", "de", "fr", "pt"]);
      for (const { language, url: languageUrl } of languageUrls) {
        expect(read(languageUrl)).toMatchObject({ region, language });
      }
    }
  });

  test("tells what DHCP can hand out: the URL in 66 or 160, the NTP server, the offset from UTC", async () => {
    const { json } = await fixture.call({ url: "/api/v1/provisioning-guide" });
    const all = ["Yealink", "Poly", "Cisco", "AudioCodes"];
    expect(json.dhcpOptions).toEqual([
      { option: 66, meaning: "Provisioning URL", vendors: ["Yealink"], value: null },
      {
        option: 160,
        meaning: "Provisioning URL",
        vendors: ["Poly", "Cisco", "AudioCodes"],
        value: null,
      },
      { option: 42, meaning: "NTP server", vendors: all, value: "ntp.example" },
      { option: 2, meaning: "Offset from UTC in seconds", vendors: all, value: "3600" },
    ]);
  });

  test("tells for each vendor at least one way to enter the URL, step by step", () => {
    for (const { vendor, ways } of guide.vendors) {
      expect(ways.length, vendor).toBeGreaterThan(0);
      for (const { steps } of ways) {
        expect(steps.join(" "), vendor).toMatch(/\bURL\b/);
        expect(steps.length, vendor).toBeGreaterThan(1);
      }
    }
  });
});

test("GET /compatible-devices tells the whole list, vendors that are served first", async () => {
  const { json } = await fixture.call({ url: "/api/v1/compatible-devices" });
  const { list } = CompatibleDevices.load();
  expect(json.items).toHaveLength(list.length);
  const firstNotServed = json.items.findIndex((item: { served: boolean }) => !item.served);
  const vendors = json.items
    .slice(0, firstNotServed)
    .map((item: { vendor: string }) => item.vendor);
  expect(new Set(vendors)).toEqual(new Set(["Yealink", "Poly", "Cisco", "AudioCodes"]));
  const notServed = json.items.slice(firstNotServed);
  expect(notServed.some((item: { served: boolean }) => item.served)).toBe(false);
  const listed = list.find(({ vendor, model }) => vendor === "yealink" && model === "T46S");
  expect(json.items).toContainEqual({
    vendor: "Yealink",
    model: "T46S",
    leastFirmware: listed?.leastFirmware,
    approvedFirmware: listed?.approvedFirmware,
    served: true,
  });
});

test("GET /compatible-devices finds a model however its phones spell it", async () => {
  const models = async (query: string) => {
    const { json } = await fixture.call({ url: `/api/v1/compatible-devices?${query}` });
    return json.items.map((item: { vendor: string; model: string }) => item.model);
  };
  expect(await models("vendor=Yealink&model=SIP-T46S")).toEqual(["T46S"]);
  expect(await models("model=T46S")).toEqual(["T46S"]);
  expect(await models("vendor=Poly&model=T46S")).toEqual([]);
  const { list } = CompatibleDevices.load();
  const ofPoly = list.filter(({ vendor }) => vendor === "poly");
  expect(await models("vendor=Poly")).toEqual(ofPoly.map(({ model }) => model));
  const wrong = await fixture.call({ url: "/api/v1/compatible-devices?maker=Poly" });
  expect(wrong.status).toBe(400);
});
