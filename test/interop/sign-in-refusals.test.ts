import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { StartedSignIn } from "../../src/cli/sign-in-as-person.ts";
import { Browser, type Page } from "../identity/browser.ts";
import { AdminClient } from "../support/admin-client.ts";
import { GatewayProcess } from "../support/gateway-process.ts";
import { adele, type EnrolledPhone, enrolPhone } from "../support/signed-in-phone.ts";
import { waitUntil } from "../support/wait-until.ts";

/** More than the gateway's interval of asking the provider. */
const intervalSeconds = 6;
const addressesOfEmea = ["40.112.71.149", "40.113.112.67"];

/** What of the API's answers is looked at here. */
interface Body extends Partial<StartedSignIn> {
  readonly status?: string;
  readonly reason?: string | null;
  readonly detail?: string;
  readonly errors?: Record<string, string>;
  readonly items?: readonly { readonly kind: string; readonly text: string }[];
}

interface Answer {
  readonly status: number;
  readonly body: Body;
}

let gateway: GatewayProcess;
let admin: AdminClient;
let enrolled: EnrolledPhone;
let device: string;

beforeAll(async () => {
  gateway = await GatewayProcess.start({ environment: { LAB: "true" } });
  admin = new AdminClient(gateway);
  enrolled = await enrolPhone(gateway);
  device = `/devices/${enrolled.macAddress}`;
});

afterAll(async () => {
  await enrolled?.phone.stop();
  await gateway?.stop();
});

beforeEach(async () => {
  await call("PUT", "/conditional-access", { enabled: false });
  await call("PUT", "/calling-policies/Front%20desk", {
    allowSipDevicesCalling: true,
    allowCallRedirect: true,
  });
  await putUser({});
});

async function call(method: string, path: string, body?: unknown): Promise<Answer> {
  const reply = await fetch(`${gateway.adminUrl}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${gateway.token}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await reply.text();
  return { status: reply.status, body: text === "" ? {} : (JSON.parse(text) as Body) };
}

async function putUser(changes: object): Promise<void> {
  const { upn, ...user } = adele;
  const body = { ...user, callingPolicy: "Front desk", ...changes };
  expect((await call("PUT", `/users/${upn}`, body)).status).toBeLessThan(300);
}

async function start(): Promise<StartedSignIn> {
  const { status, body } = await call("POST", `${device}/sign-in`);
  expect(status).toBe(201);
  return body as StartedSignIn;
}

/** What the person does in a browser, up to the password. */
async function openPassword({ verificationUri, userCode }: StartedSignIn): Promise<{
  browser: Browser;
  page: Page;
}> {
  const browser = new Browser();
  const code = await browser.open(verificationUri);
  const confirmation = await browser.submit(code, { user_code: userCode });
  return { browser, page: await browser.submit(confirmation, { confirm: "yes" }) };
}

async function signIn(started: StartedSignIn): Promise<void> {
  const { browser, page } = await openPassword(started);
  const fields = { user_name: adele.upn, password: adele.password, action: "sign-in" };
  expect((await browser.submit(page, fields)).heading).toBe("Signed in");
}

async function cancel(started: StartedSignIn): Promise<void> {
  const { browser, page } = await openPassword(started);
  expect((await browser.submit(page, { action: "cancel" })).heading).toBe("Cancelled");
}

/** How the device's sign-in ends, as the API says it. */
async function end(): Promise<{
  readonly status: string | undefined;
  readonly reason: string | null | undefined;
}> {
  await admin.advanceClock(intervalSeconds);
  return waitUntil(
    async () => {
      const { body } = await call("GET", `${device}/sign-in`);
      return body.status === "pending" ? undefined : { status: body.status, reason: body.reason };
    },
    { what: "The sign-in has ended" },
  );
}

async function expectSaidInHistory(reason: string): Promise<void> {
  const { body } = await call("GET", `${device}/events?limit=5`);
  const line = body.items?.find(({ kind }) => kind === "sign-in-failed");
  expect(line?.text).toContain(reason);
  expect((await admin.device(enrolled.macAddress)).state).toBe("waiting-for-sign-in");
}

describe("a sign-in that is refused says why, over the API", () => {
  const policy = "/calling-policies/Front%20desk";
  const refusals: readonly [string, () => Promise<unknown>, string][] = [
    [
      "a user who is not in the tenant any more",
      () => call("DELETE", `/users/${adele.upn}`),
      "User adele@contoso.example was not found in the tenant. Add the user first.",
    ],
    [
      "a user without a phone number",
      () => putUser({ phoneNumber: null }),
      "Phone number missing: assign a phone number to adele@contoso.example.",
    ],
    [
      "a policy without AllowSIPDevicesCalling",
      () => call("PUT", policy, { allowSipDevicesCalling: false }),
      "AllowSIPDevicesCalling missing: calling policy Front desk of adele@contoso.example does not allow it.",
    ],
    [
      "a policy without AllowCallRedirect",
      () => call("PUT", policy, { allowCallRedirect: false }),
      "AllowCallRedirect missing: calling policy Front desk of adele@contoso.example does not allow it.",
    ],
    [
      "Conditional Access that does not trust the gateway",
      () => call("PUT", "/conditional-access", { enabled: true }),
      `Public IP not trusted: Conditional Access blocks the gateway's addresses of region EMEA. Exclude ${addressesOfEmea.join(" and ")} from the policy.`,
    ],
  ];

  it.each(refusals)("%s", async (_what, arrange, reason) => {
    const started = await start();
    // The password page asks for a user who is there; what is refused is judged by the gateway after it.
    await signIn(started);
    await arrange();
    expect(await end()).toEqual({ status: "failed", reason });
    await expectSaidInHistory(reason);
  });

  it("a user who cancels", async () => {
    await cancel(await start());
    const reason = "The sign-in was denied: access_denied, The user cancelled.";
    expect(await end()).toEqual({ status: "failed", reason });
    await expectSaidInHistory(reason);
  });

  it("a policy that is deleted: the API keeps one that somebody has", async () => {
    const { status, body } = await call("DELETE", policy);
    expect([status, body.detail]).toEqual([
      409,
      "1 user has this policy; give them another first.",
    ]);
    const { upn, ...user } = adele;
    const put = await call("PUT", `/users/${upn}`, { ...user, callingPolicy: "Gone" });
    expect([put.status, put.body.errors]).toEqual([
      400,
      { callingPolicy: "There is no such calling policy." },
    ]);
  });

  it("a code that expired", async () => {
    await start();
    await admin.advanceClock(15 * 60);
    const reason = "The pairing code expired before the user signed in. Start the sign-in again.";
    expect(await end()).toEqual({ status: "expired", reason });
    await expectSaidInHistory(reason);
  });

  it("a code that was used: it opens nothing a second time", async () => {
    const started = await start();
    await cancel(started);
    const browser = new Browser();
    const again = await browser.submit(await browser.open(started.verificationUri), {
      user_code: started.userCode,
    });
    expect(again.alert).toBe("This pairing code has been used already. Ask for a new one.");
    expect((await end()).status).toBe("failed");
  });

  it("excluding the addresses that the reason names mends it, and a device that is taken is told", async () => {
    await call("PUT", "/conditional-access", { enabled: true, excludedAddresses: addressesOfEmea });
    await signIn(await start());
    expect(await end()).toEqual({ status: "completed", reason: null });
    const second = await call("POST", `${device}/sign-in`);
    expect([second.status, second.body.detail]).toEqual([
      409,
      "The device does not wait for a sign-in: it is signed-in.",
    ]);
    await call("POST", `${device}/sign-out`);
  });

  it("a device that is deleted meanwhile: nobody is signed in, and the sign-in is gone with it", async () => {
    await waitUntil(
      async () => (await call("POST", `${device}/sign-in`)).status === 201 || undefined,
      {
        what: "The device waits for a sign-in again",
      },
    );
    const started = await start();
    await signIn(started);
    expect((await call("DELETE", device)).status).toBe(204);
    await admin.advanceClock(intervalSeconds);
    const { status, body } = await call("GET", `${device}/sign-in`);
    expect([status, body.detail]).toEqual([404, "There is no device with this MAC address."]);
    expect((await call("GET", device)).status).toBe(404);
    const { items } = (await call("GET", `${device}/events?limit=1`)).body;
    expect(items).toMatchObject([{ kind: "deleted" }]);
  });
});
