import type { SampleUser } from "../../support/admin-client.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { aorOf, type Stage, userFields } from "./stage.ts";

/** What a scenario is played with, and what must be true in the gateway afterwards. */
export interface Cast {
  /** Injection fields of the caller, or of whoever registers. */
  readonly caller: readonly string[];
  /** The user who is called; plays the `callee` file. */
  readonly callee?: SampleUser;
  /** Asks the gateway's administrator's interface; throws when it is not so. */
  readonly verify?: () => Promise<void>;
}

/** One file of `sipp-scenarios/` that acts, with the one that reacts when there are two. */
export interface Scenario {
  /** The acting file, without `.xml`: the scenario's name. */
  readonly caller: string;
  /** The reacting file. */
  readonly callee?: string;
  prepare(stage: Stage): Promise<Cast>;
}

const dayAndASecond = 86_401;

/** Every scenario, in the order in which they are played. The last one moves the gateway's time. */
export const scenarios: readonly Scenario[] = [
  { caller: "uac-options", prepare: async () => ({ caller: ["unused"] }) },
  { caller: "uac-register", prepare: (stage) => registering(stage, 1) },
  { caller: "uac-register-many", prepare: (stage) => registering(stage, 1) },
  { caller: "uac-register-refresh", prepare: (stage) => registering(stage, 1) },
  { caller: "uac-unregister", prepare: (stage) => registering(stage, 0) },
  { caller: "uac-register-wrong-password", prepare: registeringWithWrongPassword },
  { caller: "uac-enrol", prepare: (stage) => enrolling(stage, rightCode, "waiting-for-sign-in") },
  { caller: "uac-enrol-wrong-code", prepare: (stage) => enrolling(stage, wrongCode) },
  { caller: "uac-enrol-incomplete-code", prepare: (stage) => enrolling(stage, () => "12345") },
  { caller: "uac-call-before-sign-in", prepare: (stage) => enrolling(stage, () => "+14255559999") },
  { caller: "uac-call", callee: "uas-answer", prepare: calling },
  { caller: "uac-call-busy", callee: "uas-busy", prepare: calling },
  { caller: "uac-call-no-answer-cancel", callee: "uas-ringing", prepare: calling },
  { caller: "uac-call-reinvite-bye", callee: "uas-reinvite-bye", prepare: calling },
  { caller: "uac-call-unknown-user", prepare: callingNobody },
  { caller: "uac-enrol-expired-code", prepare: enrollingTooLate },
];

async function registering(stage: Stage, bindingsAfterwards: number): Promise<Cast> {
  const user = await stage.newUser();
  const verify = () => expectBindings(stage, user, bindingsAfterwards);
  return { caller: userFields(user), verify };
}

async function registeringWithWrongPassword(stage: Stage): Promise<Cast> {
  const user = await stage.newUser();
  const verify = () => expectBindings(stage, user, 0);
  return { caller: userFields(user, "wrong-password"), verify };
}

async function expectBindings(stage: Stage, user: SampleUser, count: number): Promise<void> {
  const bindings = await stage.admin.registrationsOf(aorOf(user));
  if (bindings.length === count) return;
  throw new Error(`${aorOf(user)} has ${bindings.length} bindings, not ${count}.`);
}

/** @param dialled makes of the device's code what is dialled */
async function enrolling(
  stage: Stage,
  dialled: (code: string) => string,
  stateAfterwards = "waiting-on-activation",
): Promise<Cast> {
  const { macAddress, fields } = await stage.newDevice();
  const code = await stage.admin.generateCode(macAddress);
  const verify = () => expectState(stage, macAddress, stateAfterwards);
  return { caller: [...fields, dialled(code)], verify };
}

function rightCode(code: string): string {
  return code;
}

function wrongCode(code: string): string {
  return code === "000000" ? "000001" : "000000";
}

async function enrollingTooLate(stage: Stage): Promise<Cast> {
  const { macAddress } = await stage.newDevice();
  const code = await stage.admin.generateCode(macAddress);
  await stage.admin.advanceClock(dayAndASecond);
  const fields = await stage.accountFields(macAddress);
  const verify = () => expectState(stage, macAddress, "waiting-on-activation");
  return { caller: [...fields, code], verify };
}

async function expectState(stage: Stage, macAddress: string, state: string): Promise<void> {
  await waitUntil(
    async () => ((await stage.admin.device(macAddress)).state === state ? true : undefined),
    { what: `Device ${macAddress} is ${state}`, timeoutMilliseconds: 2_000 },
  );
}

async function calling(stage: Stage): Promise<Cast> {
  const caller = await stage.newUser();
  const callee = await stage.newUser();
  return { caller: [...userFields(caller), callee.user], callee };
}

async function callingNobody(stage: Stage): Promise<Cast> {
  const caller = await stage.newUser();
  return { caller: [...userFields(caller), "nobody.of.this.name"] };
}
