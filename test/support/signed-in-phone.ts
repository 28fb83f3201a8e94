import { DemoAdministrator, type DemoUser } from "../../src/cli/demo/demo-administrator.ts";
import { signInAsPerson } from "../../src/cli/sign-in-as-person.ts";
import {
  identityOf,
  nextRefetch,
  type WatchedPhone,
  watchPhone,
} from "../lab/simulated-phones/phone-rig.ts";
import type { GatewayProcess } from "./gateway-process.ts";

/** A user for tests, password included. */
export const adele: DemoUser = {
  upn: "adele@contoso.example",
  displayName: "Adele Vance",
  phoneNumber: "+14255550100",
  password: "correct horse battery staple",
};

/** A simulated phone of a gateway, and who administers it. Whoever makes one stops its `phone`. */
export interface EnrolledPhone extends WatchedPhone {
  /** 12 lower-case hex digits. */
  readonly macAddress: string;
  readonly administrator: DemoAdministrator;
}

/** Enters a Yealink-like phone, boots it and dials its verification code. */
export async function enrolPhone(gateway: GatewayProcess, number = 1): Promise<EnrolledPhone> {
  const administrator = new DemoAdministrator(gateway);
  const identity = identityOf("yealink", number);
  const { macAddress } = identity;
  await administrator.addDevice(macAddress, "Room 1");
  const watched = watchPhone(gateway, identity);
  const { phone } = watched;
  const boot = await phone.boot();
  if (boot.outcome === "failed") throw new Error(`${boot.step}: ${boot.reason}`);
  const refetched = nextRefetch(phone);
  const call = await phone.dial(`*55*${await administrator.generateCode(macAddress)}`);
  if (call.status !== 200) throw new Error(`*55* was answered ${call.status} ${call.reason}`);
  await refetched;
  return { ...watched, macAddress, administrator };
}

/** Signs a user in on an enrolled phone at the built-in provider; the phone is registered as him then. */
export async function signInOn(
  { phone, macAddress, administrator }: EnrolledPhone,
  user: DemoUser,
): Promise<void> {
  await administrator.putUser(user);
  await signInAsPerson(await administrator.startSignIn(macAddress), user);
  await phone.waitForAccount(user.phoneNumber);
}
