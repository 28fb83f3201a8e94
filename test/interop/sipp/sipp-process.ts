import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freePorts } from "../../support/free-ports.ts";
import { projectRoot } from "../../support/gateway-process.ts";

/** How SIPp sends. */
export const sippTransports = ["udp", "tcp"] as const;

export type SippTransport = (typeof sippTransports)[number];

/** One socket, or one connection, for all calls. */
const transportModes: Record<SippTransport, string> = { udp: "u1", tcp: "t1" };

/** One run of SIPp. */
export interface SippRun {
  /** A file of `sipp-scenarios/`, without `.xml`. */
  readonly scenario: string;
  readonly transport: SippTransport;
  /** Port of 127.0.0.1 that is sent to. */
  readonly remotePort: number;
  /** Lines of the injection file, each a list of fields. */
  readonly users: readonly (readonly string[])[];
  /** Names the run: its files and, with caller and callee alike, its Call-IDs. */
  readonly name: string;
  readonly callIdentifier: string;
  /** Where its files are kept. */
  readonly folder: string;
  readonly timeoutSeconds: number;
  /** More arguments: rates, limits, buffers. */
  readonly more?: readonly string[];
}

/** How a run of SIPp ended. */
export interface SippResult {
  /** SIPp's exit code: 0 when all calls went as the scenario says. */
  readonly exitCode: number;
  /** Its log of errors and unexpected messages; empty when there were none. */
  readonly errors: string;
  /** What it printed at the end. */
  readonly screen: string;
}

/** A SIPp that runs. */
export interface RunningSipp {
  readonly result: Promise<SippResult>;
  /** Ends it; `result` then says so by its exit code. */
  stop(): void;
}

/** Writes an injection file as CONTRACT describes it. */
export async function writeInjectionFile(
  path: string,
  users: readonly (readonly string[])[],
): Promise<void> {
  const lines = users.map((fields) => fields.join(";"));
  await writeFile(path, `SEQUENTIAL\n${lines.join("\n")}\n`, { mode: 0o600 });
}

/**
 * The third field of a user's line: what SIPp makes an Authorization header of. In quotes, as SIPp
 * takes a password that begins with `0x` for encoded bytes.
 */
export function authenticationField(name: string, password: string): string {
  return `[authentication username=${name} password="${password}"]`;
}

/** Starts SIPp on one scenario, a call for each user. */
export async function startSipp(run: SippRun): Promise<RunningSipp> {
  const files = join(run.folder, run.name);
  await writeInjectionFile(`${files}.csv`, run.users);
  const errorFile = `${files}.errors.log`;
  // A new port each time: the last run's connection may still be closing (TIME-WAIT).
  const [localPort = 0] = await freePorts(1);
  const child = spawn("sipp", sippArguments(run, localPort, files, errorFile), {
    cwd: run.folder,
    stdio: ["ignore", "pipe", "pipe"],
  });
  return { result: waitForEnd(child, errorFile), stop: () => void child.kill("SIGKILL") };
}

function sippArguments(
  run: SippRun,
  localPort: number,
  files: string,
  errorFile: string,
): string[] {
  return [
    ...["-sf", join(projectRoot, "sipp-scenarios", `${run.scenario}.xml`)],
    ...["-inf", `${files}.csv`],
    ...["-i", "127.0.0.1", "-mi", "127.0.0.1"],
    ...["-p", String(localPort)],
    ...["-t", transportModes[run.transport]],
    ...["-m", String(run.users.length)],
    ...["-cid_str", `%u-${run.callIdentifier}@sipp`],
    ...["-timeout", `${run.timeoutSeconds}s`, "-timeout_error"],
    ...["-trace_err", "-error_file", errorFile],
    "-nostdin",
    ...(run.more ?? []),
    `127.0.0.1:${run.remotePort}`,
  ];
}

async function waitForEnd(child: ChildProcess, errorFile: string): Promise<SippResult> {
  let screen = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8");
    stream?.on("data", (text: string) => {
      screen = (screen + text).slice(-20_000);
    });
  }
  const [code, signal] = await once(child, "close");
  if (signal !== null) screen += `\nSIPp was ended by ${signal}.`;
  const errors = await readFile(errorFile, "utf8").catch(() => "");
  return { exitCode: code ?? -1, errors, screen };
}
