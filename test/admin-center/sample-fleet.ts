import { DemoAdministrator, type DemoUser } from "../../src/cli/demo/demo-administrator.ts";
import { signInAsPerson } from "../../src/cli/sign-in-as-person.ts";
import type { SimulatedPhone } from "../../src/lab/simulated-phones/simulated-phone.ts";
import type { PageRig } from "./page-rig.ts";

/** Phones pick up, and put down soon after. */
const answering = { answersForSeconds: 1 };
const password = "correct horse battery staple";

const users: readonly DemoUser[] = [
  ["adele", "Adele Vance", "+14255550100"],
  ["alex", "Alex Wilber", "+14255550101"],
  ["megan", "Megan Bowen", "+14255550102"],
].map(([name = "", displayName = "", phoneNumber = ""]) => ({
  upn: `${name}@contoso.example`,
  displayName,
  phoneNumber,
  password,
}));

/** MAC addresses of phones that were entered and are still in their boxes, with where they will stand. */
const inBoxes = [
  ["80:5e:c0:4a:10:21", "Annex, reception"],
  ["80:5e:c0:4a:10:22", "Annex, 1.04"],
  ["64:16:7f:0b:33:71", "Annex, 1.05"],
  ["64:16:7f:0b:33:72", "Annex, kitchen"],
  ["00:56:2b:9c:04:a8", "Gate 3"],
  ["00:90:8f:5d:71:0e", "Gate office"],
] as const;

/**
 * Fills a gateway with a dozen phones as an administrator sees them half-way through a roll-out: three
 * signed in, two waiting for their users, one that nobody entered, six in their boxes with their codes.
 *
 * @param betweenSteps done after each phone
 * @returns the phone that Adele Vance is signed in on; the others' numbers are +14255550101 and …102
 */
export async function fillWithPhones(
  rig: PageRig,
  betweenSteps: () => Promise<unknown> = async () => undefined,
): Promise<SimulatedPhone> {
  const administrator = new DemoAdministrator(rig.gateway);
  for (const user of users) await administrator.putUser(user);
  for (const [macAddress, location] of inBoxes) {
    await rig.api("POST", "/devices", { macAddress, location });
  }
  await rig.api("POST", "/verification-codes", { macAddresses: inBoxes.map(([mac]) => mac) });
  const places = [
    ["yealink", "Reception"],
    ["poly", "Room 2.12"],
    ["cisco", "Room 2.14"],
  ] as const;
  const signedIn: SimulatedPhone[] = [];
  for (const [index, user] of users.entries()) {
    const [vendor, location] = places[index] ?? places[0];
    const { phone, macAddress } = await rig.enrolledPhone(vendor, location, answering);
    await signInAsPerson(await administrator.startSignIn(macAddress), user);
    await phone.waitForAccount(user.phoneNumber);
    signedIn.push(phone);
    await betweenSteps();
  }
  await rig.enrolledPhone("audiocodes", "Open space");
  await betweenSteps();
  await rig.enrolledPhone("yealink", "Meeting room");
  await rig.phone("poly").phone.boot();
  const [first] = signedIn;
  if (first === undefined) throw new Error("no phone was signed in");
  return first;
}
