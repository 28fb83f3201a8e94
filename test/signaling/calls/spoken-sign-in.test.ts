import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { SipResponse } from "../../../sip/message/sip-message.ts";
import { changeDevice } from "../../../src/domain/change-device.ts";
import { PhoneSignIns, phoneSignInLimits } from "../../../src/domain/phone-sign-ins.ts";
import { signOutDevice } from "../../../src/domain/sign-out-device.ts";
import type { OwnSignIns } from "../../../src/signaling/calls/sign-in-codes.ts";
import { ScriptedIdentityProvider } from "../../domain/scripted-identity-provider.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { passingTime } from "../../support/passing-time.ts";
import { decodeMuLaw } from "../../support/sip-g711-decoder.ts";
import { TestGateway } from "../../support/sip-gateway.ts";
import { RtpListener } from "../../support/sip-rtp-listener.ts";
import type { SipTestPhone } from "../../support/sip-test-phone.ts";
import { recordingOf, wordsIn } from "../../support/spoken-words.ts";

let clock: FakeClock;
let gateway: TestGateway;
let provider: ScriptedIdentityProvider;
let signIns: OwnSignIns | undefined;
let device: Awaited<ReturnType<TestGateway["addDevice"]>>;
let phone: SipTestPhone;
let ear: RtpListener;

beforeEach(async () => {
  clock = new FakeClock();
  gateway = await TestGateway.open({ ownSignIns: () => signIns }, clock);
  provider = new ScriptedIdentityProvider();
  const needs = { ...gateway.stores, clock, identityProvider: provider, nodeId: "node-1" };
  const started = new PhoneSignIns(needs, () => {});
  signIns = {
    startSignInFromPhone: (request) => started.start(request),
    signOutFromPhone: (tenantId, macAddress, upn) => {
      const signOut = { tenantId, macAddress, upn, actor: "phone", text: "Signed out." };
      return signOutDevice(needs, signOut, (former) => gateway.server.tellDevice(former));
    },
  };
  device = await gateway.addDevice("80:5e:c0:aa:bb:cc");
  phone = await gateway.phone(device);
  ear = await RtpListener.open();
});

afterEach(async () => {
  await ear.close();
  await passingTime(clock, gateway.stop());
});

function dial(code: string, body = ear.offer(), from = phone): Promise<SipResponse> {
  return from.call({
    method: "INVITE",
    uri: `sip:${code}@${from.account.domain}`,
    body,
    headers: ["Content-Type: application/sdp"],
  });
}

/** Hears all that is said, until the gateway hangs up. */
async function hear(answer: SipResponse, from = phone): Promise<void> {
  from.sendText(from.buildInDialog("ACK", answer, answer.cseq.number));
  from.respond(await passingTime(clock, from.receive(isBye, 30_000)), 200);
}

function isBye(message: { readonly kind: string }): message is Parameters<typeof phone.respond>[0] {
  return message.kind === "request" && "method" in message && message.method === "BYE";
}

/** How many of these words were heard one after the other, each about as it was recorded. */
function countHeard(words: readonly string[]): number {
  const heard = ear.samples();
  let from = 0;
  for (const [count, word] of words.entries()) {
    const samples = Int16Array.from(recordingOf(word), decodeMuLaw);
    const at = indexOf(heard, samples, from);
    if (at < 0) return count;
    from = at + samples.length;
  }
  return words.length;
}

/** Where samples begin that the way there, from one encoding into the other, has changed a little. */
function indexOf(heard: Int16Array, wanted: Int16Array, from: number): number {
  for (let start = from; start + wanted.length <= heard.length; start++) {
    const fits = wanted.every((sample, index) => {
      const difference = Math.abs((heard[start + index] ?? 0) - sample);
      return difference <= Math.max(Math.abs(sample) * 0.07, 20);
    });
    if (fits) return start;
  }
  return -1;
}

function outcome(answer: SipResponse): string {
  return `${answer.status} ${answer.reason}`;
}

const spelled = [..."py89f9j1"];
const announcement = ["your-pairing-code-is", ...spelled, "once-more", ...spelled, "goodbye"];

describe("dialling *56*", () => {
  it("speaks the pairing code twice, letter by letter, on a phone that nobody has enrolled", async () => {
    const answer = await dial("*56*");
    expect(outcome(answer)).toBe("200 OK");
    await hear(answer);
    expect(wordsIn(ear.packets)).toEqual(announcement);
    const signIn = await gateway.stores.signIns.find(gateway.tenant.id, device.macAddress);
    expect(signIn).toMatchObject({
      status: "pending",
      userCode: "PY89F9J1",
      actor: "phone",
      authenticationName: device.authenticationName,
    });
  });

  it("speaks A-law to a phone that prefers it", async () => {
    await hear(await dial("*56*", ear.offer("8 0")));
    expect(ear.packets.every(({ payloadType }) => payloadType === 8)).toBe(true);
    expect(countHeard(announcement)).toBe(announcement.length);
  });

  it("speaks the same code again while it waits for its user", async () => {
    for (let time = 0; time < 2; time++) {
      const answer = await dial("*56*", ear.offer("0", "inactive"));
      expect(answer.status).toBe(200);
      await hear(answer);
    }
    expect(provider.asked).toHaveLength(1);
  });

  it("403 when too many were started, and 503 when there is no code to be had", async () => {
    provider.failure = "The identity provider is away.";
    expect(outcome(await dial("*56*"))).toBe(
      "503 The identity provider gives no pairing code; try again later",
    );
    for (let time = 1; time < phoneSignInLimits.ofDevice.tries; time++) await dial("*56*");
    expect(outcome(await dial("*56*"))).toBe("403 Too many sign-ins were started; try again later");
  });

  it("503 while the gateway is still starting", async () => {
    signIns = undefined;
    expect(outcome(await dial("*56*"))).toBe("503 The gateway is still starting; try again");
  });

  it("403 to a phone that somebody is signed in on, by either account", async () => {
    const user = await signedInPhone();
    const expected = "403 Somebody is signed in on this phone already";
    expect(outcome(await dial("*56*", ear.offer(), user))).toBe(expected);
    expect(outcome(await dial("*56*"))).toBe(expected);
  });
});

describe("dialling *57*", () => {
  it("signs the user out, and confirms it with the tone", async () => {
    const user = await signedInPhone();
    const answer = await dial("*57*", ear.offer(), user);
    expect(outcome(answer)).toBe("200 OK");
    await hear(answer, user);
    expect(ear.packets).toHaveLength(100);
    const found = await gateway.stores.devices.find(gateway.tenant.id, device.macAddress);
    expect(found?.value).toMatchObject({ state: "signed-out", upn: null });
    expect((await dial("*57*", ear.offer(), user)).status).toBe(407);
  });

  it("403 where nobody is signed in, and to an account that belongs to no device", async () => {
    expect(outcome(await dial("*57*"))).toBe("403 Nobody is signed in on this phone");
    const soft = await gateway.phone(await gateway.addUser("bob", "+14255550101"));
    expect(outcome(await dial("*57*", ear.offer(), soft))).toBe(
      "403 This account is not of a phone that can be signed out",
    );
  });
});

/** The device's phone with the account of a user who is signed in on it. */
async function signedInPhone(): Promise<SipTestPhone> {
  const account = await gateway.addUser("adele", "+14255550100");
  const { accounts, devices } = gateway.stores;
  const { authenticationName } = account;
  const stored = await accounts.findByAuthenticationName(authenticationName);
  if (stored === undefined) throw new Error("adele has no account");
  await accounts.putMany([{ ...stored, macAddress: device.macAddress }]);
  await changeDevice(devices, gateway.tenant.id, device.macAddress, (current) => ({
    ...current,
    state: "signed-in",
    upn: stored.upn,
    userAuthenticationName: authenticationName,
    enrolledAuthenticationName: device.authenticationName,
  }));
  return gateway.phone(account);
}
