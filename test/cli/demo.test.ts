import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { projectRoot } from "../support/gateway-process.ts";

interface Device {
  readonly state: string;
  readonly online: boolean;
  readonly supported: boolean | null;
  readonly user: { readonly displayName: string } | null;
}

async function inventory(output: string): Promise<readonly Device[]> {
  const adminUrl = /^Admin center +(\S+)$/m.exec(output)?.[1];
  const token = /^Administrator +token (\S+)$/m.exec(output)?.[1];
  const reply = await fetch(`${adminUrl}/api/v1/devices`, {
    headers: { authorization: `Bearer ${token}` },
  });
  return ((await reply.json()) as { items: readonly Device[] }).items;
}

test("npm run demo has ten phones at different steps, and stops on Ctrl-C", async () => {
  const child = spawn(process.execPath, ["src/cli/demo.ts"], {
    cwd: projectRoot,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const exit = once(child, "exit");
  let output = "";
  for await (const chunk of child.stdout.setEncoding("utf8")) {
    output += String(chunk);
    if (!String(chunk).includes("Ctrl-C stops the demo")) continue;
    const standings = (await inventory(output)).map(({ state, online, supported, user }) =>
      [state, online ? "online" : "offline", supported, user?.displayName ?? "-"].join(" "),
    );
    child.kill("SIGINT");
    expect(standings.toSorted()).toEqual(
      [
        "seen online true -",
        "signed-in offline true Lee Gu",
        "signed-in online true Adele Vance",
        "signed-in online true Megan Bowen",
        "signed-out online true -",
        "waiting-for-sign-in online true -",
        "waiting-for-sign-in online true -",
        "waiting-on-activation offline  -",
        "waiting-on-activation offline false -",
        "waiting-on-activation online true -",
      ].toSorted(),
    );
  }
  expect(await exit).toEqual([0, null]);
}, 90_000);
