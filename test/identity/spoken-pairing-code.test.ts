import { afterAll, beforeAll, expect, it } from "vitest";
import type { SipMessage } from "../../sip/message/sip-message.ts";
import { signInAsPerson } from "../../src/cli/sign-in-as-person.ts";
import { AdminClient } from "../support/admin-client.ts";
import { GatewayProcess } from "../support/gateway-process.ts";
import { RtpListener } from "../support/sip-rtp-listener.ts";
import { SipTestPhone } from "../support/sip-test-phone.ts";
import { wordsIn } from "../support/spoken-words.ts";
import { waitUntil } from "../support/wait-until.ts";
import { fetchYealinkAccount } from "../support/yealink-configuration.ts";

const macAddress = "80:5e:c0:aa:bb:cc";
const adele = {
  upn: "adele@contoso.example",
  displayName: "Adele",
  phoneNumber: "+14255550100",
  password: "correct horse battery",
};
let gateway: GatewayProcess;
let ear: RtpListener;

beforeAll(async () => {
  gateway = await GatewayProcess.start({ environment: { LAB: "true" } });
  ear = await RtpListener.open();
});

afterAll(async () => {
  await ear.close();
  await gateway.stop();
});

async function putUser({ upn: _, ...entry }: typeof adele): Promise<void> {
  const reply = await fetch(`${gateway.adminUrl}/api/v1/users/${adele.upn}`, {
    method: "PUT",
    headers: { authorization: `Bearer ${gateway.token}`, "content-type": "application/json" },
    body: JSON.stringify(entry),
  });
  if (!reply.ok) throw new Error(await reply.text());
}

it("a phone without a screen, fresh from its box, signs a user in by the code that it is told", async () => {
  await putUser(adele);
  const account = await fetchYealinkAccount(gateway.provisioningUrl, "emea", macAddress);
  const phone = await SipTestPhone.open(gateway.sipPort, account);
  const answer = await phone.call({
    method: "INVITE",
    uri: `sip:*56*@${account.domain}`,
    body: ear.offer("0"),
    headers: ["Content-Type: application/sdp"],
  });
  expect(answer.status).toBe(200);
  phone.sendText(phone.buildInDialog("ACK", answer, answer.cseq.number));
  const administrator = new AdminClient(gateway);
  await waitUntil(async () => ear.packets[0], { what: "the first of the sound" });
  // A second of sound is said at once when the laboratory's time leaps; more would flood the socket.
  const isBye = (message: SipMessage) => message.kind === "request" && message.method === "BYE";
  await waitUntil(
    async () => {
      await administrator.advanceClock(1);
      return phone.received.find(isBye);
    },
    { what: "the end of the call", timeoutMilliseconds: 15_000 },
  );
  phone.respond(await phone.incoming("BYE"), 200);
  await phone.close();

  const words = wordsIn(ear.packets);
  const userCode = words.slice(1, words.indexOf("once-more")).join("").toUpperCase();
  expect(words[0]).toBe("your-pairing-code-is");
  expect(userCode).toMatch(/^[A-Z0-9]{8,}$/);
  const verificationUri = `${gateway.adminUrl}/devicelogin`;
  const verificationUriComplete = `${verificationUri}?user_code=${userCode}`;
  await signInAsPerson({ userCode, verificationUri, verificationUriComplete }, adele);
  await waitUntil(
    async () => {
      await administrator.advanceClock(5);
      const { state } = await administrator.device(macAddress);
      return state === "signed-in" ? state : undefined;
    },
    { what: "the sign-in" },
  );
});
