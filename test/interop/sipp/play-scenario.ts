import { waitUntil } from "../../support/wait-until.ts";
import type { Scenario } from "./scenarios.ts";
import {
  type RunningSipp,
  type SippResult,
  type SippRun,
  type SippTransport,
  startSipp,
} from "./sipp-process.ts";
import { aorOf, type Stage, userFields } from "./stage.ts";

/** How a scenario went. */
export interface Play {
  readonly scenario: string;
  readonly passed: boolean;
  readonly milliseconds: number;
  /** Why it failed: SIPp's logs, or what was wrong in the gateway; empty when it passed. */
  readonly report: string;
}

/** Where and how a scenario is played. */
export interface Setting {
  readonly transport: SippTransport;
  /** Where SIPp's files are kept. */
  readonly folder: string;
}

const timeoutSeconds = 20;

/** Plays one scenario against the stage's gateway. A failure is told, not thrown. */
export async function playScenario(
  scenario: Scenario,
  stage: Stage,
  setting: Setting,
): Promise<Play> {
  const start = performance.now();
  const report = await tell(scenario, stage, setting);
  const milliseconds = Math.round(performance.now() - start);
  return { scenario: scenario.caller, passed: report === "", milliseconds, report };
}

async function tell(scenario: Scenario, stage: Stage, setting: Setting): Promise<string> {
  const running: RunningSipp[] = [];
  try {
    return await perform(scenario, stage, setting, running);
  } catch (error) {
    return describeError(error);
  } finally {
    for (const sipp of running) sipp.stop();
  }
}

async function perform(
  scenario: Scenario,
  stage: Stage,
  setting: Setting,
  running: RunningSipp[],
): Promise<string> {
  const cast = await scenario.prepare(stage);
  const common = commonPart(scenario, stage, setting);
  if (scenario.callee !== undefined && cast.callee !== undefined) {
    const { callee } = cast;
    const users = [userFields(callee)];
    running.push(await startSipp({ ...common, ...named(scenario.callee, setting), users }));
    await waitUntil(async () => (await stage.admin.registrationsOf(aorOf(callee)))[0], {
      what: `${scenario.callee} has registered`,
      timeoutMilliseconds: 5_000,
    }).catch(async (error: unknown) => {
      running[0]?.stop();
      const result = await running[0]?.result;
      throw new Error(result === undefined ? "" : describeResult(scenario.caller, result), {
        cause: error,
      });
    });
  }
  const users = [cast.caller];
  running.push(await startSipp({ ...common, ...named(scenario.caller, setting), users }));
  const results = await Promise.all(running.map((sipp) => sipp.result));
  const failures = results.filter(({ exitCode }) => exitCode !== 0);
  if (failures.length > 0) {
    return failures.map((result) => describeResult(scenario.caller, result)).join("\n");
  }
  await cast.verify?.();
  return "";
}

function commonPart(
  scenario: Scenario,
  stage: Stage,
  { transport, folder }: Setting,
): Omit<SippRun, "scenario" | "name" | "users"> {
  const remotePort = stage.gateway.sipPort;
  // A gateway may have heard this Call-ID before: the time makes it new.
  const callIdentifier = `${scenario.caller}-${transport}-${Date.now().toString(36)}`;
  return { transport, folder, remotePort, callIdentifier, timeoutSeconds };
}

function named(scenario: string, { transport }: Setting): Pick<SippRun, "scenario" | "name"> {
  return { scenario, name: `${scenario}-${transport}` };
}

function describeResult(scenario: string, { exitCode, errors, screen }: SippResult): string {
  const said = errors === "" ? screen : errors;
  return `${scenario}: SIPp ended with ${exitCode}.\n${said}`;
}

function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause === undefined ? "" : `\nCause: ${describeError(error.cause)}`;
  return `${error.message}${cause}`;
}
