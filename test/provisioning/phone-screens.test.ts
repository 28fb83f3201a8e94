import { XMLParser, XMLValidator } from "fast-xml-parser";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { changeDevice } from "../../src/domain/change-device.ts";
import { putUser } from "../../src/domain/put-user.ts";
import { resetDevice } from "../../src/domain/retire-device.ts";
import {
  contoso,
  macOf,
  type ProvisioningRig,
  startProvisioningRig,
  yealinkSettings,
} from "./provisioning-rig.ts";

const mac = "805ec0aabbcc";
const upn = "adele@contoso.example";
const phoneNumber = "+14255550100";

let rig: ProvisioningRig;

beforeEach(async () => {
  rig = await startProvisioningRig("token");
  const entry = { upn, displayName: "Adele <Vance> & Co", phoneNumber };
  await putUser(rig.stores, contoso.id, entry);
});

afterEach(() => rig.stop());

interface Screen {
  readonly status: number;
  readonly title: string;
  readonly text: string;
  /** Where each softkey or line of the menu leads. */
  readonly keys: Readonly<Record<string, string>>;
  /** Where it leads by itself. */
  readonly next: string | undefined;
}

/** Fetches the configuration as the phone does, and finds its key for the pages. */
async function keyOf(url = `/emea/${mac}.cfg`): Promise<string> {
  const { status, text } = await rig.get(url);
  expect(status).toBe(200);
  const settings = yealinkSettings(text);
  expect(settings.get("programablekey.2.type")).toBe("27");
  return settings.get("programablekey.2.value") ?? "";
}

async function open(url: string | undefined, from = "192.0.2.77"): Promise<Screen> {
  const { pathname, search } = new URL(url ?? "");
  const { statusCode, headers, body } = await rig.server.inject({
    method: "GET",
    url: `${pathname}${search}`,
    headers: { host: "192.0.2.10:8080" },
    remoteAddress: from,
  });
  const next = String(headers.refresh ?? "").split("url=")[1];
  if (statusCode !== 200) return { status: statusCode, title: "", text: body, keys: {}, next };
  expect(XMLValidator.validate(body)).toBe(true);
  const parser = new XMLParser({ parseTagValue: false, ignoreDeclaration: true });
  const [page] = Object.values(parser.parse(body) as Record<string, Record<string, unknown>>);
  const keys = [page?.MenuItem, page?.SoftKey].flat().filter((key) => key !== undefined) as Record<
    string,
    string
  >[];
  return {
    status: statusCode,
    title: String(page?.Title),
    text: String(page?.Text ?? page?.URL ?? ""),
    keys: Object.fromEntries(keys.map((key) => [key.Prompt ?? key.Label, key.URI ?? ""])),
    next,
  };
}

async function grant(device = 1): Promise<void> {
  rig.provider.willSay(`device-code-${device}`, { outcome: "granted", upn });
  await rig.pass(5000);
}

async function historyOf(): Promise<string[]> {
  const { items } = await rig.stores.history.list(contoso.id, macOf(mac), { limit: 50 });
  return items.map(({ kind }) => kind);
}

describe("a phone that nobody has enrolled", () => {
  test("signs its user in by its own key: pairing code, then as whom", async () => {
    const menu = await open(await keyOf());
    expect(menu).toMatchObject({ status: 200, title: "SIP Gateway" });
    expect(Object.keys(menu.keys)).toEqual(["Sign in", "Provision device", "Exit"]);
    const pairing = await open(menu.keys["Sign in"]);
    expect(pairing.text).toBe("Sign In: https://login.example/devicelogin\nPair Code: PY89F9J1");
    expect((await open(pairing.next)).text).toBe(pairing.text);
    expect((await open(menu.keys["Sign in"])).text).toBe(pairing.text);
    await grant();
    const done = await open(pairing.next);
    expect(done).toMatchObject({
      title: "Signed in",
      text: `Signed in as Adele <Vance> & Co ${phoneNumber}.`,
      next: undefined,
    });
    expect(await rig.device(mac)).toMatchObject({ state: "signed-in", upn });
    expect(rig.told).toHaveLength(1);
    expect(await historyOf()).toEqual([
      "signed-in",
      "enrolled",
      "sign-in-started",
      "configuration-fetched",
    ]);
  });

  test("is told why the sign-in failed, and can try again", async () => {
    const menu = await open(await keyOf());
    const pairing = await open(menu.keys["Sign in"]);
    rig.provider.willSay("device-code-1", { outcome: "granted", upn: "zoe@contoso.example" });
    await rig.pass(5000);
    const failed = await open(pairing.next);
    expect(failed.title).toBe("Not signed in");
    expect(failed.text).toContain("zoe@contoso.example was not found in the tenant");
    expect((await open(pairing.next)).text).toBe(failed.text);
    expect((await open(failed.keys["Try again"])).text).toContain("Pair Code: PY89F9J2");
  });

  test("is told when the pairing code has expired", async () => {
    const menu = await open(await keyOf());
    const pairing = await open(menu.keys["Sign in"]);
    await rig.pass(900_000);
    expect((await open(pairing.next)).text).toContain("The pairing code expired");
  });

  test("is told when there is no pairing code to be had", async () => {
    const menu = await open(await keyOf());
    rig.provider.failure = "It is down.";
    expect(await open(menu.keys["Sign in"])).toMatchObject({
      status: 200,
      title: "Not signed in",
      text: expect.stringContaining("Try again later"),
    });
    expect(rig.providerFaults).toHaveLength(1);
    expect((await rig.device(mac))?.lastRequest?.note).toContain("gave no pairing code");
  });

  test("that begins sign-ins without end is told to wait", async () => {
    const menu = await open(await keyOf());
    for (let times = 0; times < 12; times++) {
      await open(menu.keys["Sign in"]);
      await rig.stores.signIns.remove(contoso.id, macOf(mac));
    }
    const held = await open(menu.keys["Sign in"]);
    expect(held.text).toBe("Too many sign-ins were started; try again in 60 minutes.");
    expect(rig.provider.asked).toHaveLength(12);
  });
});

describe("a verification code typed on the screen", () => {
  async function type(code: string, key?: string): Promise<Screen> {
    const menu = await open(key ?? (await keyOf()));
    const field = await open(menu.keys["Provision device"]);
    return open(`${field.text}?code=${encodeURIComponent(code)}`);
  }

  test("enrols the phone that has the secret, which is told to fetch", async () => {
    await rig.add(mac);
    const code = await rig.code(mac);
    const key = await keyOf();
    const done = await type(code, key);
    expect(done).toMatchObject({
      title: "Provisioned",
      text: "This phone belongs to Contoso now.",
    });
    expect(await rig.device(mac)).toMatchObject({ state: "waiting-for-sign-in" });
    expect(rig.told).toHaveLength(1);
    const menu = await open(key);
    expect(menu.title).toBe("Contoso");
    expect(Object.keys(menu.keys)).toEqual(["Sign in", "Exit"]);
    expect((await open(done.keys["Sign in"])).text).toContain("Pair Code: PY89F9J1");
  });

  test("is limited as one that is dialled, and stands in the same history", async () => {
    await rig.add(mac);
    const code = await rig.code(mac);
    const wrong = code === "000000" ? "000001" : "000000";
    const key = await keyOf();
    expect((await type("12a", key)).text).toBe("Verification code incomplete");
    expect((await type(wrong, key)).text).toBe("Wrong verification code");
    expect((await type(wrong, key)).text).toBe("Wrong verification code");
    for (let tries = 3; tries <= 5; tries++) {
      const answer = type(wrong, key);
      await expect.poll(() => rig.clock.pendingTimers).toBeGreaterThan(0);
      await rig.pass(8000);
      expect((await answer).text).toBe("Wrong verification code");
    }
    expect((await type(code, key)).text).toBe("Too many wrong codes");
    expect(await rig.device(mac)).toMatchObject({ state: "waiting-on-activation" });
    expect(await historyOf()).toEqual(
      expect.arrayContaining(["code-locked", "code-wrong", "code-generated"]),
    );
  });

  test("is refused where nobody has added the phone", async () => {
    expect((await type("123456")).text).toBe("Device is not waiting for activation");
  });

  test("that has expired is said to be so", async () => {
    await rig.add(mac);
    const code = await rig.code(mac);
    const key = await keyOf();
    await rig.pass(24 * 3_600_000);
    expect((await type(code, key)).text).toBe("Verification code expired");
  });
});

describe("sign-out on the phone's screen", () => {
  async function signIn(): Promise<string> {
    const key = await keyOf();
    const menu = await open(key);
    await open(menu.keys["Sign in"]);
    await grant();
    return key;
  }

  test("asks first; a page that is fetched ahead signs nobody out", async () => {
    const key = await signIn();
    const menu = await open(key);
    expect(menu.title).toBe(`Contoso: Adele <Vance> & Co ${phoneNumber}`);
    expect(Object.keys(menu.keys)).toEqual(["Sign out", "Exit"]);
    const question = await open(menu.keys["Sign out"]);
    expect(question.text).toBe(`Sign out Adele <Vance> & Co ${phoneNumber}?`);
    expect((await rig.device(mac))?.state).toBe("signed-in");
    expect((await open(question.keys["Sign out"])).text).toBe("Signed out.");
    expect(await rig.device(mac)).toMatchObject({ state: "signed-out", upn: null });
    expect((await historyOf())[0]).toBe("signed-out");
    expect(Object.keys((await open(key)).keys)).toEqual(["Sign in", "Exit"]);
  });

  test("its confirmation is good for one sign-in: the next user stays", async () => {
    const key = await signIn();
    const question = await open((await open(key)).keys["Sign out"]);
    const confirmed = question.keys["Sign out"];
    await open(confirmed);
    await open((await open(key)).keys["Sign in"]);
    await grant(2);
    expect((await open(confirmed)).text).toContain("Sign out Adele");
    expect((await rig.device(mac))?.state).toBe("signed-in");
  });

  test("when nobody is signed in, it says so", async () => {
    const key = await keyOf();
    expect((await open(key.replace("/menu", "/sign-out"))).text).toBe("Signed out.");
  });

  test("the next configuration says what the key does now", async () => {
    const key = await signIn();
    const secret = /device\/([^/]+)\//.exec(key)?.[1];
    const { text } = await rig.get(`/emea/device/${secret}/${mac}.cfg`);
    expect(yealinkSettings(text).get("programablekey.2.label")).toBe("Sign out");
  });
});

describe("a stranger who knows the MAC address", () => {
  test.each(["token", "known", "open"] as const)(
    "is shown nothing once the phone is enrolled, in mode %s",
    async (mode) => {
      await rig.stop();
      rig = await startProvisioningRig(mode);
      await rig.add(mac);
      const [own, strangers] = [await keyOf(), await keyOf()];
      const field = await open((await open(own)).keys["Provision device"]);
      await open(`${field.text}?code=${await rig.code(mac)}`);
      expect(await open(strangers)).toMatchObject({
        status: 403,
        text: expect.stringMatching(/The secret in the URL/),
      });
      expect(await open(own)).toMatchObject({ status: 200 });
      expect((await historyOf())[0]).toBe("configuration-refused");
      expect((await rig.device(mac))?.lastRequest?.path).toContain("/device/***/screen/");
    },
  );

  test.each([
    ["a forged secret", (key: string) => key.replace(/.{24}(?=\/screen)/, "A".repeat(24))],
    ["another phone's MAC address", (key: string) => key.replace(`/${mac}/`, "/805ec0aabbcd/")],
  ])("is refused with %s", async (_what, forge) => {
    const key = await keyOf();
    expect(await open(forge(key))).toMatchObject({ status: 403 });
    expect(await open(key)).toMatchObject({ status: 200 });
  });

  test("an account from before a reset opens no page", async () => {
    const key = await keyOf();
    rig.clock.advance(1000);
    const dependencies = { ...rig.stores, clock: rig.clock };
    await resetDevice(dependencies, contoso.id, macOf(mac), "admin");
    expect(await open(key)).toMatchObject({
      status: 403,
      text: expect.stringContaining("not valid any more"),
    });
  });

  test("with an account of his own, cannot have the phone's user sign in for him", async () => {
    const [own, strangers] = [await keyOf(), await keyOf()];
    await open((await open(strangers)).keys["Sign in"]);
    await open((await open(own)).keys["Sign in"]);
    rig.provider.willSay("device-code-1", { outcome: "granted", upn });
    await grant(2);
    expect(await open(strangers)).toMatchObject({ status: 403 });
    expect((await open(own)).title).toContain("Adele");
  });
});

test("names from the storage are shown as text, whatever stands in them", async () => {
  const key = await keyOf();
  await open((await open(key)).keys["Sign in"]);
  await grant();
  await changeDevice(rig.stores.devices, contoso.id, macOf(mac), (device) => ({
    ...device,
    upn: "<Text>\u0007\u202e&amp;",
  }));
  expect((await open(key)).title).toBe("Contoso: <Text> &amp;");
});
