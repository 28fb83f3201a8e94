import { DemoAdministrator, type DemoUser } from "../../src/cli/demo/demo-administrator.ts";
import { signInAsPerson } from "../../src/cli/sign-in-as-person.ts";
import type { PageRig } from "./page-rig.ts";

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
  ["80:5e:c0:4a:10:21", "Building 2, floor 1, reception"],
  ["80:5e:c0:4a:10:22", "Building 2, floor 1, room 1.04"],
  ["64:16:7f:0b:33:71", "Building 2, floor 1, room 1.05"],
  ["64:16:7f:0b:33:72", "Building 2, floor 2, kitchen"],
  ["00:56:2b:9c:04:a8", "Warehouse, gate 3"],
  ["00:90:8f:5d:71:0e", "Warehouse, office"],
] as const;

/**
 * Fills a gateway with a dozen phones as an administrator sees them half-way through a roll-out: three
 * signed in, two waiting for their users, one that nobody entered, six in their boxes with their codes.
 *
 * @returns MAC address of a phone that Adele Vance is signed in on
 */
export async function fillWithPhones(rig: PageRig): Promise<string> {
  const administrator = new DemoAdministrator(rig.gateway);
  for (const user of users) await administrator.putUser(user);
  for (const [macAddress, location] of inBoxes) {
    await rig.api("POST", "/devices", { macAddress, location });
  }
  await rig.api("POST", "/verification-codes", { macAddresses: inBoxes.map(([mac]) => mac) });
  const signedIn = [
    await rig.enrolledPhone("yealink", "Building 1, floor 1, reception"),
    await rig.enrolledPhone("poly", "Building 1, floor 2, room 2.12"),
    await rig.enrolledPhone("cisco", "Building 1, floor 2, room 2.14"),
  ];
  for (const [index, { phone, macAddress }] of signedIn.entries()) {
    const user = users[index];
    if (user === undefined) continue;
    await signInAsPerson(await administrator.startSignIn(macAddress), user);
    await phone.waitForAccount(user.phoneNumber);
  }
  await rig.enrolledPhone("audiocodes", "Building 1, floor 3, open space");
  await rig.enrolledPhone("yealink", "Building 1, floor 3, meeting room");
  await rig.phone("poly").phone.boot();
  return signedIn[0]?.macAddress ?? "";
}
