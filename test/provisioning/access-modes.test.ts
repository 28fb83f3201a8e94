import { afterEach, describe, expect, it } from "vitest";
import { resetDevice } from "../../src/domain/retire-device.ts";
import {
  contoso,
  macOf,
  type ProvisioningRig,
  startProvisioningRig,
  yealinkSettings,
} from "./provisioning-rig.ts";

const mac = "805ec0aabbcc";
const plain = `/emea/${mac}.cfg`;
const phone = "192.0.2.77";
const stranger = "198.51.100.66";

let rig: ProvisioningRig;
afterEach(() => rig.stop());

/** What the plain or next URL told: the account and the path of the next URL. */
async function fetched(url: string, from = phone) {
  const { status, text } = await rig.get(url, { from });
  const settings = yealinkSettings(text);
  const nextUrl = settings.get("static.auto_provision.server.url") ?? "";
  return {
    status,
    text,
    name: settings.get("account.1.auth_name") ?? "",
    password: settings.get("account.1.password") ?? "",
    user: settings.get("account.1.user_name") ?? "",
    next: nextUrl === "" ? "" : `${new URL(nextUrl).pathname}${mac}.cfg`,
  };
}

async function enrol(accountFrom = phone): Promise<void> {
  const code = await rig.code(mac);
  expect(await rig.activate(mac, code, accountFrom)).toBe("enrolled");
}

describe("access mode token", () => {
  it("gives an unenrolled phone a fresh onboarding account at each plain fetch", async () => {
    rig = await startProvisioningRig("token");
    const first = await fetched(plain);
    const second = await fetched(plain, stranger);
    expect(first.status).toBe(200);
    expect(first.user).toBe(mac);
    expect(second.name).not.toBe(first.name);
    expect(second.next).not.toBe(first.next);
    expect((await rig.device(mac))?.state).toBe("seen");
  });

  it("gives the same account again at its own next URL", async () => {
    rig = await startProvisioningRig("token");
    const first = await fetched(plain);
    const again = await fetched(first.next);
    expect(again.status).toBe(200);
    expect([again.name, again.password, again.next]).toEqual([
      first.name,
      first.password,
      first.next,
    ]);
  });

  it("once enrolled answers at the enrolled account's next URL only", async () => {
    rig = await startProvisioningRig("token");
    await rig.add(mac);
    const strangers = await fetched(plain, stranger);
    const own = await fetched(plain);
    await enrol();

    expect((await fetched(own.next)).name).toBe(own.name);
    expect((await fetched(plain)).status).toBe(403);
    expect((await fetched(plain, stranger)).status).toBe(403);
    expect((await fetched(strangers.next, stranger)).status).toBe(403);
    const forged = own.next.replace(/.(?=\/[^/]+$)/, (last) => (last === "A" ? "B" : "A"));
    expect((await fetched(forged, stranger)).status).toBe(403);
    const device = await rig.device(mac);
    expect(device?.lastRequest?.status).toBe(403);
    expect(device?.lastRequest?.note).toContain("secret");
    expect(device?.lastRequest?.path).not.toContain(own.name);
    expect(device?.ipAddress).toBe(phone);
  });

  it("answers the plain URL again after an administrator's reset, and the old next URL gives no old account", async () => {
    rig = await startProvisioningRig("token");
    await rig.add(mac);
    const own = await fetched(plain);
    await enrol();
    rig.clock.advance(1000);
    const dependencies = { ...rig.stores, clock: rig.clock };
    await resetDevice(dependencies, contoso.id, macOf(mac), "test", () => Promise.resolve());

    const fresh = await fetched(plain);
    expect(fresh.status).toBe(200);
    expect(fresh.name).not.toBe(own.name);
    expect((await fetched(own.next)).name).not.toBe(own.name);
    expect((await rig.device(mac))?.state).toBe("waiting-on-activation");
  });

  it("takes a code typed on the screen from the address that fetched, and from no other", async () => {
    rig = await startProvisioningRig("token");
    await rig.add(mac);
    const own = await fetched(plain);
    const code = await rig.code(mac);
    expect(await rig.activate(mac, code, stranger)).toBe("not-waiting");
    expect(await rig.activate(mac, code, phone)).toBe("enrolled");
    expect((await rig.device(mac))?.enrolledAuthenticationName).toBe(own.name);
  });
});

describe("access mode known", () => {
  it("refuses a MAC that no administrator entered, and says so in the inventory", async () => {
    rig = await startProvisioningRig("known");
    expect((await fetched(plain)).status).toBe(403);
    const device = await rig.device(mac);
    expect(device?.state).toBe("seen");
    expect(device?.lastRequest?.note).toContain("No administrator has added this MAC address");
    expect((await fetched(plain)).status).toBe(403);
  });

  it("answers a MAC that was entered, enrolled or not", async () => {
    rig = await startProvisioningRig("known");
    await rig.add(mac);
    const own = await fetched(plain);
    expect(own.status).toBe(200);
    await enrol();
    expect((await fetched(plain)).name).toBe(own.name);
  });
});

describe("access mode open", () => {
  it("answers any compatible phone each time, enrolled or not", async () => {
    rig = await startProvisioningRig("open");
    const own = await fetched(plain);
    await rig.add(mac);
    await enrol();
    const again = await fetched(plain, stranger);
    expect(again.status).toBe(200);
    expect(again.name).toBe(own.name);
  });

  it("refuses a phone that is not compatible, with a reason to act on", async () => {
    rig = await startProvisioningRig("open");
    const old = await rig.get(plain, { userAgent: "Yealink SIP-T46S 66.81.0.15 805ec0aabbcc" });
    expect(old.status).toBe(403);
    const device = await rig.device(mac);
    expect(device?.supported).toBe(false);
    expect(device?.unsupportedReason).toMatch(/older than the least compatible one, 83/);
  });
});

describe("what a phone is told", () => {
  it("is its region's onboarding domain, language and registrar", async () => {
    rig = await startProvisioningRig("token");
    const { text } = await rig.get(`/lang_de/${mac}.cfg`, { host: "apac.phones.example:8080" });
    const settings = yealinkSettings(text);
    expect(settings.get("account.1.sip_server.1.address")).toBeDefined();
    expect(text).toContain("onboarding.apac.invalid");
    expect(settings.get("lang.gui")).toMatch(/German/i);
    expect((await rig.device(mac))?.region).toBe("apac");
  });

  it("refuses a tenant that is not there", async () => {
    rig = await startProvisioningRig("token");
    const other = "99999999-2222-4333-8444-555555555555";
    expect((await rig.get(`/emea/tenantid/${other}/${mac}.cfg`)).status).toBe(404);
    expect((await rig.get(`/emea/tenantid/${contoso.id}/${mac}.cfg`)).status).toBe(200);
  });
});
