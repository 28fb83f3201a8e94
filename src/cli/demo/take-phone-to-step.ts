import type { SimulatedPhone } from "../../lab/simulated-phones/simulated-phone.ts";
import { signInAsPerson } from "../sign-in-as-person.ts";
import type { DemoAdministrator } from "./demo-administrator.ts";
import type { DemoPhonePlan } from "./demo-plan.ts";

/**
 * Takes one phone of the demo to its step: an administrator's calls, the phone's own doing and the
 * user's in a browser, in the order of a roll-out.
 * @returns a sentence on where it is now, for people
 * @throws Error when the gateway or the phone does not do its part
 */
export async function takePhoneToStep(
  { step, identity: { macAddress }, location, user }: DemoPhonePlan,
  phone: SimulatedPhone,
  administrator: DemoAdministrator,
): Promise<string> {
  if (step === "seen") {
    await boot(phone);
    return "seen: asked for a configuration, and nobody has added it";
  }
  await administrator.addDevice(macAddress, location);
  if (step === "too-old") {
    // The gateway refuses it, so there is no registration to wait for.
    await phone.boot();
    return `refused: firmware ${phone.identity.firmware} is too old`;
  }
  const code = await administrator.generateCode(macAddress);
  if (step === "not-powered") return `waiting on activation, not powered yet: its code is ${code}`;
  await boot(phone);
  if (step === "code-generated") return `waiting on activation: dial *55*${code} on it`;
  await enrol(phone, code);
  if (step === "enrolled") return "waiting for sign-in";
  const signIn = await administrator.startSignIn(macAddress);
  if (step === "sign-in-started" || user === undefined) {
    return `waiting for sign-in: pairing code ${signIn.userCode} at ${signIn.verificationUri}`;
  }
  await signInAsPerson(signIn, user);
  await phone.waitForAccount(user.phoneNumber);
  if (step === "signed-in") return `signed in: ${user.displayName}, ${user.phoneNumber}`;
  if (step === "away") {
    await phone.stop();
    return `signed in: ${user.displayName}, ${user.phoneNumber}; switched off`;
  }
  await administrator.signOut(macAddress);
  await phone.waitForAccount(macAddress);
  return `signed out: ${user.displayName} was signed in`;
}

async function boot(phone: SimulatedPhone): Promise<void> {
  const outcome = await phone.boot();
  if (outcome.outcome === "failed") throw new Error(`${outcome.step}: ${outcome.reason}`);
}

async function enrol(phone: SimulatedPhone, code: string): Promise<void> {
  const refetched = new Promise<void>((resolve) => phone.once("refetched", () => resolve()));
  const { status, reason } = await phone.dial(`*55*${code}`);
  if (status !== 200) throw new Error(`*55* was answered ${status} ${reason}`);
  await refetched;
}
