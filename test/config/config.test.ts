import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fileKey } from "../../src/config/setting.ts";
import { settingFields, settings } from "../../src/config/settings.ts";
import { type Config, ConfigError, loadConfig } from "../../src/config.ts";

const host = { hostName: "gateway-1", publicAddress: "192.0.2.10" };

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "sip-gateway-config-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function load(environment: Record<string, string> = {}, facts = host): Config {
  return loadConfig({ environment, host: facts as typeof host });
}

function faultsOf(environment: Record<string, string>): readonly string[] {
  try {
    load(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

function file(text: string): string {
  const path = join(folder, "gateway.yaml");
  writeFileSync(path, text);
  return path;
}

describe("defaults", () => {
  test("are those of the contract", () => {
    expect(load()).toEqual({
      bindAddress: "0.0.0.0",
      adminBindAddress: "127.0.0.1",
      publicAddress: "192.0.2.10",
      sipPort: 5060,
      sipTlsPort: 5061,
      sipWsPort: 5066,
      provisioningPort: 8080,
      adminPort: 8081,
      dataDirectory: resolve("data"),
      firmwareDirectory: resolve("data/firmware"),
      redisUrl: null,
      adminToken: null,
      provisioningAccess: "token",
      lab: false,
      logLevel: "info",
      nodeId: "gateway-1",
      mediaPorts: { first: 49152, last: 53247 },
      trunkUri: null,
      sipTlsKeyFile: null,
      sipTlsCertificateFile: null,
      utcOffsetSeconds: 0,
      ntpServer: "pool.ntp.org",
      phoneTransport: "udp",
      adminPublicUrl: null,
      oidcIssuer: null,
      oidcClientId: null,
      oidcClientSecret: null,
      oidcScopes: "openid profile email",
      oidcUserClaim: "preferred_username",
      oidcAdminClaim: "roles",
    });
  });

  test("a host without an outward address is told as the loopback", () => {
    expect(
      loadConfig({ environment: {}, host: { hostName: "h", publicAddress: undefined } }),
    ).toMatchObject({
      publicAddress: "127.0.0.1",
    });
  });

  test("firmware lies in the data folder, wherever that is", () => {
    expect(load({ DATA_DIR: "/srv/gateway" }).firmwareDirectory).toBe("/srv/gateway/firmware");
  });

  test("an empty variable counts as not set", () => {
    expect(load({ SIP_PORT: "", REDIS_URL: "", GATEWAY_CONFIG: "" }).sipPort).toBe(5060);
  });

  test("the configuration is frozen", () => {
    expect(Object.isFrozen(load())).toBe(true);
  });
});

describe("values", () => {
  test.each<[string, string, keyof Config, unknown]>([
    ["SIP_PORT", "0", "sipPort", 0],
    ["SIP_PORT", "65535", "sipPort", 65535],
    ["BIND_ADDRESS", "::", "bindAddress", "::"],
    ["PUBLIC_ADDRESS", "sip.example.com", "publicAddress", "sip.example.com"],
    ["PUBLIC_ADDRESS", "[2001:db8::1]", "publicAddress", "2001:db8::1"],
    ["LAB", "true", "lab", true],
    ["PROVISIONING_ACCESS", "open", "provisioningAccess", "open"],
    ["LOG_LEVEL", "silent", "logLevel", "silent"],
    ["MEDIA_PORTS", "20000-20001", "mediaPorts", { first: 20000, last: 20001 }],
    [
      "TRUNK_URI",
      "sip:trunk.example:5080;transport=tcp",
      "trunkUri",
      "sip:trunk.example:5080;transport=tcp",
    ],
    ["TIME_ZONE", "-09:30", "utcOffsetSeconds", -34_200],
    ["TIME_ZONE", "+05:45", "utcOffsetSeconds", 20_700],
    ["TIME_ZONE", "-00:00", "utcOffsetSeconds", 0],
    ["REDIS_URL", "redis://127.0.0.1:6379/3", "redisUrl", "redis://127.0.0.1:6379/3"],
    ["REDIS_URL", "rediss://:pw@[::1]:6379", "redisUrl", "rediss://:pw@[::1]:6379"],
    [
      "REDIS_URL",
      "redis+sentinel://a:26379,b:26379/main",
      "redisUrl",
      "redis+sentinel://a:26379,b:26379/main",
    ],
    ["REDIS_URL", "redis+cluster://u:p@a:1,b:2", "redisUrl", "redis+cluster://u:p@a:1,b:2"],
    ["ADMIN_PUBLIC_URL", "https://Gw.example/", "adminPublicUrl", "https://gw.example"],
    ["ADMIN_PUBLIC_URL", "http://[::1]:8081", "adminPublicUrl", "http://[::1]:8081"],
    ["OIDC_SCOPES", "email  openid", "oidcScopes", "email openid"],
    ["OIDC_USER_CLAIM", "upn", "oidcUserClaim", "upn"],
    ["OIDC_ADMIN_CLAIM", "groups", "oidcAdminClaim", "groups"],
  ])("%s=%s is taken", (name, text, field, value) => {
    expect(load({ [name]: text })[field]).toEqual(value);
  });

  test.each<[string, string]>([
    ...["SIP_PORT", "SIP_TLS_PORT", "SIP_WS_PORT", "PROVISIONING_PORT", "ADMIN_PORT"].flatMap(
      (name): [string, string][] => [
        [name, "65536"],
        [name, "-1"],
        [name, "5060x"],
        [name, "50.5"],
      ],
    ),
    ["BIND_ADDRESS", "localhost"],
    ["ADMIN_BIND_ADDRESS", "10.0.0.256"],
    ["PUBLIC_ADDRESS", "10.0.0"],
    ["PUBLIC_ADDRESS", "host:5060"],
    ["PUBLIC_ADDRESS", "a_b.example"],
    ["NTP_SERVER", "two words"],
    ["LAB", "yes"],
    ["LAB", "1"],
    ["LAB", "TRUE"],
    ["PROVISIONING_ACCESS", "closed"],
    ["LOG_LEVEL", "verbose"],
    ["MEDIA_PORTS", "49153-53247"],
    ["MEDIA_PORTS", "53246-49152"],
    ["MEDIA_PORTS", "80-100"],
    ["MEDIA_PORTS", "49152"],
    ["TRUNK_URI", "trunk.example"],
    ["TRUNK_URI", "sip:user@trunk.example"],
    ["TIME_ZONE", "Europe/Berlin"],
    ["TIME_ZONE", "+15:00"],
    ["TIME_ZONE", "+01:10"],
    ["NODE_ID", "two words"],
    ["PHONE_TRANSPORT", "tls"],
    ["ADMIN_PUBLIC_URL", "gateway.example"],
    ["ADMIN_PUBLIC_URL", "https://gateway.example/admin"],
    ["ADMIN_PUBLIC_URL", "https://user:pass@gateway.example"],
    ["OIDC_ISSUER", "http://issuer.example"],
    ["OIDC_ISSUER", "https://issuer.example/?tenant=1"],
    ["OIDC_SCOPES", "profile email"],
  ])("%s=%s is a fault that names the setting, what it was and what it may be", (name, text) => {
    const { mayBe } =
      settings[settingFields.find((field) => settings[field].name === name) ?? "lab"];
    expect(faultsOf({ [name]: text })).toEqual([`${name} is "${text}"; it may be ${mayBe}.`]);
  });
});

describe("faults", () => {
  test("are all reported at once, one line each", () => {
    const faults = faultsOf({
      SIP_PORT: "sixty",
      LAB: "maybe",
      LOG_LEVEL: "loud\nFAKE LINE",
      SIP_TLS_KEY: "key.pem",
      GATEWAY_CONFIG: file("ntpServer: '!'\nsipPrt: 1\n"),
    });
    expect(faults).toHaveLength(6);
    for (const fault of faults) expect(fault).not.toContain("\n");
    expect(new ConfigError(faults).message.split("\n")).toEqual(faults);
  });

  test.each([
    ["REDIS_URL", "http://:hunter2@host"],
    ["REDIS_URL", "redis://:hunter2@"],
    ["REDIS_URL", "redis://:hunter2@host:port"],
    ["ADMIN_TOKEN", "hunter2 with spaces"],
    ["OIDC_CLIENT_SECRET", "hunter2 with spaces"],
  ])("%s is never repeated", (name, text) => {
    const faults = faultsOf({ [name]: text });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toContain(name);
    expect(faults[0]).not.toContain("hunter2");
  });

  test("of a very long value only the beginning is told", () => {
    expect(faultsOf({ SIP_PORT: "9".repeat(10_000) })[0]?.length).toBeLessThan(200);
  });

  test("one of key and certificate is not enough", () => {
    expect(faultsOf({ SIP_TLS_KEY: "k" })).toEqual([
      "SIP_TLS_CERT is not set, and SIP_TLS_KEY is; set both, or none.",
    ]);
    expect(faultsOf({ SIP_TLS_CERT: "c" })[0]).toMatch(/^SIP_TLS_KEY is not set/);
    expect(faultsOf({ SIP_TLS_KEY: "k", SIP_TLS_CERT: "c" })).toEqual([]);
  });

  test("an OpenID issuer needs a client id, and a client needs an issuer", () => {
    const issuer = { OIDC_ISSUER: "https://issuer.example/tenant" };
    expect(faultsOf(issuer)).toEqual([
      "OIDC_CLIENT_ID is not set, and OIDC_ISSUER is; set both, or none.",
    ]);
    expect(faultsOf({ OIDC_CLIENT_ID: "gateway" })).toEqual([
      "OIDC_ISSUER is not set, and OIDC_CLIENT_ID is; set both, or none.",
    ]);
    expect(faultsOf({ OIDC_CLIENT_SECRET: "s" })[0]).toMatch(/OIDC_CLIENT_SECRET is/);
    expect(faultsOf({ ...issuer, OIDC_CLIENT_ID: "gateway" })).toEqual([]);
    const local = { OIDC_ISSUER: "http://127.0.0.1:9000", OIDC_CLIENT_ID: "gateway" };
    expect(faultsOf(local)).toEqual([]);
  });

  test("two listeners on one port collide where their addresses do", () => {
    expect(faultsOf({ SIP_TLS_PORT: "5060" })).toEqual([
      "SIP_TLS_PORT is 5060, and so is SIP_PORT; they may not be the same.",
    ]);
    const ports = { ADMIN_PORT: "8080" };
    expect(faultsOf(ports)).toHaveLength(1);
    expect(faultsOf({ ...ports, BIND_ADDRESS: "192.0.2.10" })).toEqual([]);
    const free = { SIP_PORT: "0", SIP_TLS_PORT: "0", SIP_WS_PORT: "0", ADMIN_PORT: "0" };
    expect(faultsOf({ ...free, PROVISIONING_PORT: "0" })).toEqual([]);
  });

  test("the range of media ports does not hold the SIP port", () => {
    expect(faultsOf({ MEDIA_PORTS: "5000-6000" })).toEqual([
      "MEDIA_PORTS is 5000-6000, and SIP_PORT is 5060; the range may not hold it.",
    ]);
  });
});

describe("the file that GATEWAY_CONFIG names", () => {
  test("has a camelCase key for every setting", () => {
    const texts: Record<string, unknown> = {
      BIND_ADDRESS: "127.0.0.2",
      SIP_PORT: 5070,
      LAB: true,
      MEDIA_PORTS: "20000-20999",
      TRUNK_URI: "sip:trunk.example",
      TIME_ZONE: "+01:00",
    };
    const lines = Object.entries(texts).map(([name, value]) => `${fileKey(name)}: ${value}`);
    expect(load({ GATEWAY_CONFIG: file(lines.join("\n")) })).toMatchObject({
      bindAddress: "127.0.0.2",
      sipPort: 5070,
      lab: true,
      mediaPorts: { first: 20000, last: 20999 },
      trunkUri: "sip:trunk.example",
      utcOffsetSeconds: 3600,
    });
    expect(settingFields.map((field) => fileKey(settings[field].name))).toContain("sipTlsPort");
  });

  test("may nest: trunk.uri is trunkUri", () => {
    const config = load({
      GATEWAY_CONFIG: file("trunk:\n  uri: sip:trunk.example\nsip: { port: 5070 }\n"),
    });
    expect([config.trunkUri, config.sipPort]).toEqual(["sip:trunk.example", 5070]);
  });

  test("is beaten by the environment", () => {
    const GATEWAY_CONFIG = file("sipPort: 5070\nlab: true\n");
    expect(load({ GATEWAY_CONFIG, SIP_PORT: "5080" })).toMatchObject({ sipPort: 5080, lab: true });
  });

  test.each([
    [
      "an unknown key, with the nearest known one",
      "sipPrt: 5060",
      /unknown key "sipPrt"; nearest: sipPort\./,
    ],
    [
      "a key of the environment's form",
      "SIP_PORT: 5060",
      /unknown key "SIP_PORT"; nearest: sipPort\./,
    ],
    [
      "a wrong value, named by its key",
      "sipPort: 70000",
      /^sipPort in the file is "70000"; it may be a port/,
    ],
    ["a list", "sipPort: [1, 2]", /holds a list or a map/],
    ["a key given twice by nesting", "sipPort: 1\nsip: { port: 2 }", /twice/],
    ["a list instead of a map", "- sipPort", /holds no map/],
    ["no YAML", "sipPort: [", /is no YAML/],
    ["a repeated key", "lab: true\nlab: false", /is no YAML/],
  ])("%s is a fault", (_case, text, fault) => {
    const faults = faultsOf({ GATEWAY_CONFIG: file(text) });
    expect(faults).toHaveLength(1);
    expect(faults[0]).toMatch(fault);
  });

  test("a YAML fault repeats no line of the file: it could hold a secret", () => {
    const faults = faultsOf({ GATEWAY_CONFIG: file('adminToken: "hunter2\nlab: [') });
    expect(faults.length).toBeGreaterThan(0);
    expect(faults.join()).not.toContain("hunter2");
  });

  test("that is not there, a folder or too large is a fault", () => {
    expect(faultsOf({ GATEWAY_CONFIG: join(folder, "none.yaml") })[0]).toContain("ENOENT");
    expect(faultsOf({ GATEWAY_CONFIG: folder })[0]).toMatch(/cannot be read/);
    expect(faultsOf({ GATEWAY_CONFIG: file("#".repeat(1024 * 1024 + 1)) })[0]).toContain("1 MiB");
  });

  test("an empty one changes nothing", () => {
    expect(load({ GATEWAY_CONFIG: file("# nothing yet\n") })).toEqual(load());
  });
});
