import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DemoAdministrator, type DemoUser } from "../../../src/cli/demo/demo-administrator.ts";
import { signInAsPerson } from "../../../src/cli/sign-in-as-person.ts";
import type { PhoneScreen } from "../../../src/lab/simulated-phones/phone-screen.ts";
import type { SeenPage } from "../../../src/lab/simulated-phones/seen-page.ts";
import { AdminClient } from "../../support/admin-client.ts";
import { GatewayProcess } from "../../support/gateway-process.ts";
import { waitUntil } from "../../support/wait-until.ts";
import { historyKinds, identityOf, nextRefetch, watchPhone, wrongCode } from "./phone-rig.ts";

const vendors = ["yealink", "cisco", "poly"] as const;

let gateway: GatewayProcess;
let admin: AdminClient;
let administrator: DemoAdministrator;

beforeAll(async () => {
  gateway = await GatewayProcess.start({ environment: { LAB: "true", LOG_LEVEL: "info" } });
  admin = new AdminClient(gateway);
  administrator = new DemoAdministrator(gateway);
});

afterAll(() => gateway.stop());

async function addUser(number: number): Promise<DemoUser> {
  const user = {
    upn: `person${number}@contoso.example`,
    displayName: `Zoë <${number}> & "Co"`,
    phoneNumber: `+142555502${number.toString().padStart(2, "0")}`,
    password: "correct horse battery staple",
  };
  await administrator.putUser(user);
  return user;
}

/** Goes where the page says and types what it says, as its user does in a browser. */
async function followPairing({ lines }: SeenPage, user: DemoUser): Promise<void> {
  const verificationUri = lines[0]?.replace(/^Sign In: /, "") ?? "";
  const userCode = lines[1]?.replace(/^Pair Code: /, "") ?? "";
  const verificationUriComplete = `${verificationUri}?user_code=${userCode}`;
  await signInAsPerson({ userCode, verificationUri, verificationUriComplete }, user);
}

/** Lets the page look again until it has something else to say. */
function nextWord(screen: PhoneScreen, title: string): Promise<SeenPage> {
  return waitUntil(
    async () => {
      await admin.advanceClock(5);
      const page = await screen.refresh();
      return page.title === title ? undefined : page;
    },
    { what: `the page after "${title}"`, timeoutMilliseconds: 20_000 },
  );
}

describe.each(vendors)("the pages of a %s phone", (vendor) => {
  const number = vendors.indexOf(vendor) * 10;

  it("sign a user in on a phone that nobody has enrolled, and out again", async () => {
    const user = await addUser(number);
    const identity = identityOf(vendor, 700 + number);
    const { macAddress } = identity;
    const { phone, requests, faults } = watchPhone(gateway, identity);
    try {
      expect(await phone.boot()).toMatchObject({ outcome: "registered" });
      const screen = await phone.openScreen();
      expect(screen.page).toMatchObject({ title: "SIP Gateway" });
      expect([...screen.page.keys.keys()]).toEqual(["Sign in", "Provision device"]);
      const pairing = await screen.press("Sign in");
      expect(pairing.lines).toEqual([
        `Sign In: ${gateway.adminUrl}/devicelogin`,
        expect.stringMatching(/^Pair Code: [A-Z]{4}-?[A-Z]{4,5}$/),
      ]);
      await followPairing(pairing, user);
      const signedIn = await nextWord(screen, pairing.title);
      expect(signedIn).toMatchObject({
        title: "Signed in",
        lines: [`Signed in as ${user.displayName} ${user.phoneNumber}.`],
      });
      await phone.waitForAccount(user.phoneNumber);
      expect(await admin.device(macAddress)).toMatchObject({ state: "signed-in", online: true });
      expect(await admin.registrationsOf(`sip:${user.phoneNumber}@contoso.example`)).toHaveLength(
        1,
      );

      const menu = await phone.openScreen();
      expect(menu.page.title).toContain("Contoso: Zoë");
      const question = await menu.press("Sign out");
      expect(question.lines).toEqual([`Sign out ${user.displayName} ${user.phoneNumber}?`]);
      expect((await menu.press("Sign out")).lines).toEqual(["Signed out."]);
      await phone.waitForAccount(macAddress);
      expect(await admin.device(macAddress)).toMatchObject({ state: "signed-out" });
      expect([...(await phone.openScreen()).page.keys.keys()]).toEqual(["Sign in"]);

      expect(await historyKinds(gateway, macAddress)).toEqual(
        expect.arrayContaining(["sign-in-started", "enrolled", "signed-in", "signed-out"]),
      );
      expect(requests.join()).toContain(`GET /device/***/screen/${vendor}/${macAddress}/menu 200`);
      expect(faults).toEqual([]);
    } finally {
      await phone.stop();
    }
  });

  it("take a verification code that is typed instead of dialled", async () => {
    const identity = identityOf(vendor, 701 + number);
    const { macAddress } = identity;
    await admin.addDevice(macAddress);
    const code = await admin.generateCode(macAddress);
    const { phone, faults } = watchPhone(gateway, identity);
    try {
      await phone.boot();
      const screen = await phone.openScreen();
      await screen.press("Provision device");
      expect((await screen.type(wrongCode(code))).lines).toEqual(["Wrong verification code"]);
      await screen.press("Try again");
      const refetched = nextRefetch(phone);
      const provisioned = await screen.type(code);
      expect(provisioned.lines).toEqual(["This phone belongs to Contoso now."]);
      expect(await refetched).toMatchObject({ outcome: "fetched" });
      expect((await phone.openScreen()).page).toMatchObject({ title: "Contoso" });
      expect(await admin.device(macAddress)).toMatchObject({ state: "waiting-for-sign-in" });
      expect(await historyKinds(gateway, macAddress)).toEqual(
        expect.arrayContaining(["code-generated", "code-wrong", "enrolled", "notified"]),
      );
      expect(faults).toEqual([]);
    } finally {
      await phone.stop();
    }
  });
});

it("an AudioCodes phone has no key for pages", async () => {
  const { phone } = watchPhone(gateway, identityOf("audiocodes", 790));
  try {
    await phone.boot();
    await expect(phone.openScreen()).rejects.toMatchObject({ code: "PHONE_SCREEN" });
  } finally {
    await phone.stop();
  }
});

it("no secret, pairing code or typed code is in the gateway's log", async () => {
  const { phone } = watchPhone(gateway, identityOf("yealink", 791));
  try {
    await phone.boot();
    const screen = await phone.openScreen();
    await screen.press("Provision device");
    await screen.type("987654321");
    const log = await waitUntil(
      async () => {
        const said = gateway.output;
        const line = `/screen/yealink/${phone.identity.macAddress}/provision`;
        return said.split(line).length > 2 ? said : undefined;
      },
      { what: "the log of both requests" },
    );
    expect(log).not.toMatch(/987654321|\/device\/[0-9a-f]{12}-/);
  } finally {
    await phone.stop();
  }
});
