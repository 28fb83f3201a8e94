import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DemoAdministrator } from "../../../src/cli/demo/demo-administrator.ts";
import { readFleetArguments } from "../../../src/cli/phones/fleet-arguments.ts";
import { fleetUserOf } from "../../../src/cli/phones/fleet-user.ts";
import { planPhones } from "../../../src/lab/simulated-phones/phone-models.ts";
import { AdminClient } from "../../support/admin-client.ts";
import { GatewayProcess, projectRoot } from "../../support/gateway-process.ts";
import { adele } from "../../support/signed-in-phone.ts";
import { identityOf } from "./phone-rig.ts";

function startPhones(...args: string[]) {
  return spawn(process.execPath, ["src/cli/phones.ts", ...args], {
    cwd: projectRoot,
    stdio: ["ignore", "pipe", "pipe"],
  });
}

async function runPhones(
  ...args: string[]
): Promise<{ exitCode: number; output: string; faults: string }> {
  const child = startPhones(...args);
  const [output, faults, [exitCode]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "exit") as Promise<[number]>,
  ]);
  return { exitCode, output, faults };
}

function rows(output: string): string[] {
  return output
    .trim()
    .split("\n")
    .map((line) => line.replaceAll(/\s+/g, " "));
}

describe("npm run phones", () => {
  let gateway: GatewayProcess;
  let access: readonly string[];

  beforeAll(async () => {
    gateway = await GatewayProcess.start();
    const { provisioningUrl, adminUrl, token } = gateway;
    access = ["--provisioning-url", provisioningUrl, "--admin-url", adminUrl, "--token", token];
  });
  afterAll(async () => {
    await gateway.stop();
  });

  it("takes phones of four vendors through sign-in and calls, and can be repeated", async () => {
    // An odd number: the last one calls the first, which has had its call.
    const seven = [...access, "--count", "7", "--first", "101", "--region", "emea"];
    for (const run of [1, 2]) {
      const { exitCode, output, faults } = await runPhones(...seven);
      expect(faults, `run ${run}`).toBe("");
      expect(rows(output)).toEqual([
        "vendor phones booted registered enrolled synchronised signed-in called un-registered failed",
        "yealink 2 2 2 2 2 2 2 2 0",
        "poly 2 2 2 2 2 2 2 2 0",
        "cisco 2 2 2 2 2 2 2 2 0",
        "audiocodes 1 1 1 1 1 1 1 1 0",
        "all 7 7 7 7 7 7 7 7 0",
      ]);
      expect(exitCode).toBe(0);
    }
    const [first] = planPhones(1, 101);
    expect(await new AdminClient(gateway).device(first?.macAddress ?? "")).toMatchObject({
      state: "signed-in",
      user: { upn: `phone-${first?.macAddress}@contoso.example` },
    });
  }, 120_000);

  it("says why a phone was not signed in, and that nobody was there to call", async () => {
    const two = [...access, "--count", "2", "--first", "200", "--vendor", "yealink"];
    const [, second] = planPhones(2, 200, ["yealink"]);
    const { phoneNumber } = fleetUserOf(second ?? identityOf("yealink", 201), "");
    await new DemoAdministrator(gateway).putUser({ ...adele, phoneNumber });
    const { exitCode, output } = await runPhones(...two);
    expect(exitCode).toBe(1);
    expect(rows(output)[1]).toBe("yealink 2 2 2 2 2 1 0 2 2");
    expect(output).toMatch(
      /1 x yealink, sign-in: .* This phone number is adele@contoso\.example's/,
    );
    expect(output).toContain("1 x yealink, call: No other phone is signed in.");
  }, 60_000);

  it("takes forty phones of four vendors through their enrolment, and can be repeated", async () => {
    const forty = [
      ...[...access, "--count", "40", "--concurrency", "40", "--region", "emea"],
      "--no-sign-in",
    ];
    for (const style of ["path", "host"]) {
      const { exitCode, output, faults } = await runPhones(...forty, "--region-by", style);
      expect(faults).toBe("");
      expect(rows(output)).toEqual([
        "vendor phones booted registered enrolled synchronised signed-in called un-registered failed",
        "yealink 10 10 10 10 10 0 0 10 0",
        "poly 10 10 10 10 10 0 0 10 0",
        "cisco 10 10 10 10 10 0 0 10 0",
        "audiocodes 10 10 10 10 10 0 0 10 0",
        "all 40 40 40 40 40 0 0 40 0",
        "",
        "Sign-in and calls were left out, as --no-sign-in says.",
      ]);
      expect(exitCode).toBe(0);
    }
    expect((await new AdminClient(gateway).registrations()).items).toEqual([]);
    const { macAddress } = identityOf("yealink", 1);
    const device = await new AdminClient(gateway).device(macAddress);
    expect(device).toMatchObject({ state: "waiting-for-sign-in", region: "emea" });
  }, 60_000);

  it("resets a single phone that was enrolled before", async () => {
    const one = [...access, "--count", "1", "--vendor", "cisco", "--first", "500"];
    expect((await runPhones(...one)).exitCode).toBe(0);
    const { exitCode, output } = await runPhones(...one);
    expect(exitCode).toBe(0);
    expect(output).toContain("A single phone has nobody to call.");
  }, 60_000);

  it("with --stay, keeps its phones registered until it is interrupted", async () => {
    const child = startPhones(
      ...access,
      "--count",
      "2",
      "--first",
      "700",
      "--stay",
      "--no-sign-in",
    );
    const admin = new AdminClient(gateway);
    const exit = once(child, "exit");
    for await (const chunk of child.stdout.setEncoding("utf8")) {
      if (!String(chunk).includes("stay registered")) continue;
      expect((await admin.registrations()).items).toHaveLength(2);
      child.kill("SIGINT");
    }
    expect(await exit).toEqual([0, null]);
    expect((await admin.registrations()).items).toEqual([]);
  });

  it("ends with 1 and the reasons when phones do not get through", async () => {
    const closed = ["--provisioning-url", "http://127.0.0.1:9", "--count", "3", "--first", "900"];
    const { exitCode, output } = await runPhones(...access, ...closed, "--vendor", "poly");
    expect(exitCode).toBe(1);
    expect(rows(output)[1]).toBe("poly 3 0 0 0 0 0 0 0 3");
    expect(output).toMatch(/3 x poly, provisioning: GET 127\.0\.0\.1:9\S* failed: .*ECONNREFUSED/);
  });

  it("ends with 1 when the token is wrong", async () => {
    const { exitCode, faults } = await runPhones(...access, "--token", "wrong");
    expect(exitCode).toBe(1);
    expect(faults).toContain("401");
  });
});

it("leaves sign-in and calls out where users sign in at an outside issuer", async () => {
  const gateway = await GatewayProcess.start({
    environment: { OIDC_ISSUER: "http://127.0.0.1:9", OIDC_CLIENT_ID: "gateway" },
  });
  try {
    const { provisioningUrl, adminUrl, token } = gateway;
    const urls = ["--provisioning-url", provisioningUrl, "--admin-url", adminUrl];
    const { exitCode, output } = await runPhones(...urls, "--token", token, "--count", "2");
    expect(output).toContain("its users sign in elsewhere");
    expect(rows(output)[3]).toBe("all 2 2 2 2 2 0 0 2 0");
    expect(exitCode).toBe(0);
  } finally {
    await gateway.stop();
  }
}, 60_000);

describe("arguments of npm run phones", () => {
  it.each([
    [["--count", "0"], "--count is a number from 1 to 100000."],
    [["--region", "mars"], "--region is one of noam, emea, apac."],
    [["--vendor", "snom"], "--vendor is one of yealink, poly, cisco, audiocodes."],
    [
      ["--provisioning-url", "ftp://x"],
      "--provisioning-url is a URL such as http://127.0.0.1:8080.",
    ],
    [["--region-by", "fax"], "--region-by is path or host."],
    [
      ["--region-by", "host", "--provisioning-url", "http://192.0.2.1"],
      "--region-by host needs a host name in --provisioning-url.",
    ],
  ])("%j: %s", (args, fault) => {
    expect(readFleetArguments(args)).toEqual({ ok: false, fault });
  });

  it("names the region in the host where that is asked for", () => {
    const reading = readFleetArguments([
      ...["--region", "apac", "--region-by", "host"],
      ...["--provisioning-url", "http://gateway.example:8080"],
    ]);
    expect(reading).toMatchObject({
      ok: true,
      value: { provisioningUrl: "http://apac.gateway.example:8080/" },
    });
  });
});
