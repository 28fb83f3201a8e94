import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type CallingPolicySettings,
  initialGlobalPolicy,
} from "../../src/domain/calling-policy.ts";
import { changeDevice } from "../../src/domain/change-device.ts";
import type { Device } from "../../src/domain/device.ts";
import {
  contoso,
  macOf,
  type ProvisioningRig,
  startProvisioningRig,
  yealinkSettings,
} from "./provisioning-rig.ts";

const mac = "805ec0aabbcc";
const plain = `/emea/${mac}.cfg`;
const from = "192.0.2.77";
const accountName = "14255550100-805ec0aabbcc-0123456789ab";
const signedIn = {
  state: "signed-in",
  upn: "adele@contoso.example",
  userAuthenticationName: accountName,
} as const;
const signedOut = { state: "signed-out", upn: null, userAuthenticationName: null } as const;

let rig: ProvisioningRig;
/** The path of the enrolled phone's next URL. */
let next: string;

beforeEach(async () => {
  rig = await startProvisioningRig("token");
  await rig.add(mac);
  const first = await settingsAt(plain);
  const url = new URL(first.get("static.auto_provision.server.url") ?? "");
  next = `${url.pathname}${mac}.cfg`;
  expect(await rig.activate(mac, await rig.code(mac), from)).toBe("enrolled");
  await putPolicy({});
  await rig.stores.users.putMany([
    {
      tenantId: contoso.id,
      upn: "adele@contoso.example",
      displayName: "Adele Vance",
      phoneNumber: "+14255550100",
      callingPolicy: "Global",
      forwarding: null,
      doNotDisturb: false,
      passwordHash: null,
    },
  ]);
});

afterEach(() => rig.stop());

async function settingsAt(url: string): Promise<Map<string, string>> {
  const { status, text } = await rig.get(url, { from });
  expect(status).toBe(200);
  return yealinkSettings(text);
}

async function become(changes: Partial<Device>): Promise<void> {
  await changeDevice(rig.stores.devices, contoso.id, macOf(mac), (device) => ({
    ...device,
    ...changes,
  }));
}

async function putPolicy(changes: Partial<CallingPolicySettings>): Promise<void> {
  const settings = { ...initialGlobalPolicy, ...changes };
  const now = rig.clock.nowMilliseconds();
  await rig.stores.callingPolicies.put(contoso.id, "Global", settings, now);
}

async function versionAt(url: string): Promise<string> {
  const { text } = await rig.get(url, { from });
  return /version:? ([0-9a-f]{12})/i.exec(text)?.[1] ?? "none";
}

describe("the configuration of a device that somebody is signed in on", () => {
  it("is the user's account, with the voicemail's number", async () => {
    await become(signedIn);
    const settings = await settingsAt(next);
    expect(Object.fromEntries(settings)).toMatchObject({
      "account.1.user_name": "+14255550100",
      "account.1.auth_name": accountName,
      "account.1.password": rig.userAccounts.password(accountName),
      "account.1.display_name": "Adele Vance",
      "account.1.label": "Adele Vance +14255550100",
      "account.1.sip_server.1.address": "contoso.example",
      "account.1.subscribe_mwi": "0",
      "voice_mail.number.1": "*99*",
    });
    const url = settings.get("static.auto_provision.server.url") ?? "";
    expect(`${new URL(url).pathname}${mac}.cfg`).toBe(next);
  });

  it("has no voicemail number where the calling policy allows none, and names each policy anew", async () => {
    await become(signedIn);
    const before = await versionAt(next);
    await putPolicy({ allowVoicemail: false });
    expect((await settingsAt(next)).get("voice_mail.number.1")).toBe("%NULL%");
    expect(await versionAt(next)).not.toBe(before);
    const during = await versionAt(next);
    await putPolicy({ allowVoicemail: false, busyOnBusy: true });
    expect(await versionAt(next)).not.toBe(during);
  });

  it("is told at the enrolled next URL alone", async () => {
    await become(signedIn);
    expect((await rig.get(plain, { from })).status).toBe(403);
    const forged = next.replace(/.(?=\/[^/]+$)/, (last) => (last === "A" ? "B" : "A"));
    expect((await rig.get(forged, { from })).status).toBe(403);
  });

  it("has a version that changes with the account, and back again with the sign-out", async () => {
    const before = await versionAt(next);
    await become(signedIn);
    const during = await versionAt(next);
    await become({ userAuthenticationName: `${accountName.slice(0, -1)}c` });
    const again = await versionAt(next);
    expect(new Set([before, during, again]).size).toBe(3);
    await become(signedOut);
    expect(await versionAt(next)).toBe(before);
    expect((await settingsAt(next)).get("account.1.user_name")).toBe(mac);
  });

  it("is the onboarding account where the user is gone", async () => {
    await become(signedIn);
    await rig.stores.users.remove(contoso.id, "adele@contoso.example");
    expect((await settingsAt(next)).get("account.1.user_name")).toBe(mac);
  });
});
