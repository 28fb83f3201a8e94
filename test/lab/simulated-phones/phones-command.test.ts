import { spawn } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readFleetArguments } from "../../../src/cli/phones/fleet-arguments.ts";
import { AdminClient } from "../../support/admin-client.ts";
import { GatewayProcess, projectRoot } from "../../support/gateway-process.ts";
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

  it("takes forty phones of four vendors through, and can be repeated", async () => {
    const forty = [...access, "--count", "40", "--concurrency", "40", "--region", "emea"];
    for (const style of ["path", "host"]) {
      const { exitCode, output, faults } = await runPhones(...forty, "--region-by", style);
      expect(faults).toBe("");
      expect(rows(output)).toEqual([
        "vendor phones booted registered enrolled synchronised un-registered failed",
        "yealink 10 10 10 10 10 10 0",
        "poly 10 10 10 10 10 10 0",
        "cisco 10 10 10 10 10 10 0",
        "audiocodes 10 10 10 10 10 10 0",
        "all 40 40 40 40 40 40 0",
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
    expect((await runPhones(...one)).exitCode).toBe(0);
  });

  it("with --stay, keeps its phones registered until it is interrupted", async () => {
    const child = startPhones(...access, "--count", "2", "--first", "700", "--stay");
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
    expect(rows(output)[1]).toBe("poly 3 0 0 0 0 0 3");
    expect(output).toMatch(/3 x poly, provisioning: GET 127\.0\.0\.1:9\S* failed: .*ECONNREFUSED/);
  });

  it("ends with 1 when the token is wrong", async () => {
    const { exitCode, faults } = await runPhones(...access, "--token", "wrong");
    expect(exitCode).toBe(1);
    expect(faults).toContain("401");
  });
});

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
