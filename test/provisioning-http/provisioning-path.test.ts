import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  maskProvisioningUrl,
  parseProvisioningPath,
  provisioningPath,
} from "../../provisioning-http/provisioning-path.ts";

const regions = ["noam", "emea", "apac"];
const tenantId = "8f14e45f-ceea-467f-a9b2-1c3d4e5f6a7b";
const parse = (url: string, host = "192.0.2.1:8080") => parseProvisioningPath(url, host, regions);

describe("what stands before the file name", () => {
  test.each([
    ["/x.cfg", {}],
    ["/emea/x.cfg", { region: "emea" }],
    ["/EMEA/x.cfg", { region: "emea" }],
    ["//emea//x.cfg", { region: "emea" }],
    ["/emea/lang_de/x.cfg", { region: "emea", language: "de" }],
    ["/emea/Lang_JA/x.cfg", { region: "emea", language: "ja" }],
    ["/lang_pt-BR/x.cfg", { language: "pt" }],
    ["/emea/lang_xx/x.cfg", { region: "emea" }],
    [`/tenantid/${tenantId}/x.cfg`, { tenantId }],
    [
      `/apac/tenantid/${tenantId.toUpperCase()}/lang_fr/x.cfg`,
      { region: "apac", tenantId, language: "fr" },
    ],
    [`/apac/lang_fr/TenantId/${tenantId}/x.cfg`, { region: "apac", tenantId, language: "fr" }],
    ["/emea/device/Se-cret_1/x.cfg", { region: "emea", secret: "Se-cret_1" }],
    [
      `/emea/lang_es/tenantid/${tenantId}/device/Se-cret_1/x.cfg`,
      { region: "emea", language: "es", tenantId, secret: "Se-cret_1" },
    ],
    ["/emea/x.cfg?mac=1#2", { region: "emea" }],
  ])("%s", (url, expected) => {
    const path = parse(url);
    expect(path).toMatchObject({ ...expected, folders: [], fileName: "x.cfg" });
    for (const name of ["region", "language", "tenantId", "secret"] as const) {
      expect(path?.[name]).toBe((expected as Record<string, string>)[name]);
    }
  });

  test("a region in the Host header, which the base URL need not repeat", () => {
    const path = parse("/lang_de/x.cfg", "EMEA.gateway.example:8080");
    expect(path).toMatchObject({ region: "emea", language: "de", base: "/lang_de/" });
  });

  test("the Host header's region goes before the path's", () => {
    expect(parse("/noam/x.cfg", "apac.gateway.example")).toMatchObject({
      region: "apac",
      folders: [],
    });
  });

  test("the rest is folders and file name, percent-decoded once", () => {
    expect(parse("/noam/Cisco/CP-8841-3PCC/%24PSN.xml")).toMatchObject({
      folders: ["Cisco", "CP-8841-3PCC"],
      fileName: "$PSN.xml",
    });
    expect(parse("/noam/%2541.cfg")?.fileName).toBe("%41.cfg");
    expect(parse("/emea/")).toMatchObject({ region: "emea", fileName: "" });
  });
});

test.each([
  "/../etc/passwd",
  "/emea/%2e%2e/x.cfg",
  "/emea/..%2fx.cfg",
  "/emea/a%5cb.cfg",
  "/emea/x%00.cfg",
  "/emea/x%0d%0a.cfg",
  "/emea/%ff.cfg",
  "/emea/%",
  "/emea/tenantid/contoso/x.cfg",
  "/emea/device/short/x.cfg",
  `/emea/device/${"a".repeat(129)}/x.cfg`,
  "/emea/device/sec%20ret-secret/x.cfg",
  `/${"a".repeat(1024)}`,
  "x.cfg",
  "",
])("%j is no phone's URL", (url) => {
  expect(parse(url)).toBeUndefined();
});

describe("what people may read", () => {
  test.each([
    ["/emea/device/top-secret/x.cfg?token=top-secret", "/emea/device/***/x.cfg"],
    ["/emea/DEVICE/top-secret/x.cfg", "/emea/DEVICE/***/x.cfg"],
    ["/emea/d%65vice/top-secret/x.cfg", "/emea/device/***/x.cfg"],
    ["/emea/device//top-secret/x.cfg", "/emea/device//***/x.cfg"],
    ["/emea/device%2Ftop-secret%2fx.cfg", "/emea/device/***/x.cfg"],
    ["/emea/device/top-secret", "/emea/device/***"],
    ["/emea/device/top%FFsecret/x", "/emea/device/***/x"],
    ["/%1b[31m\u00e9", "/?[31m?"],
  ])("%j", (url, masked) => {
    expect(maskProvisioningUrl(url)).toBe(masked);
  });

  test("is bounded", () => {
    expect(maskProvisioningUrl(`/${"a".repeat(5000)}`)).toHaveLength(200);
  });

  test("never holds the secret of a URL that the gateway made", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9_-]{12,64}$/), (secret) => {
        const url = `${provisioningPath({ region: "emea", language: "de", secret })}805ec0aabbcc.cfg`;
        expect(parse(url)?.secret).toBe(secret);
        expect(parse(url)?.masked).toBe("/emea/lang_de/device/***/805ec0aabbcc.cfg");
        expect(parse(url)?.base + (parse(url)?.fileName ?? "")).toBe(url);
      }),
    );
  });
});

test("any request target is read or refused, never thrown at", () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), (url, host) => {
      for (const target of [url, `/${url}`]) {
        parseProvisioningPath(target, host, regions);
        expect(maskProvisioningUrl(target)).toMatch(/^[\x20-\x7e]*$/);
      }
    }),
  );
});
