import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ServedVendor } from "../../../provisioning-http/vendor.ts";
import { AdminClient } from "../../support/admin-client.ts";
import { GatewayProcess } from "../../support/gateway-process.ts";
import { historyKinds, identityOf, nextRefetch, watchPhone, wrongCode } from "./phone-rig.ts";

const poly = [
  "GET sip.ld 404",
  "GET <mac>-gateway.cfg 200",
  "GET <mac>-phone.cfg 404",
  "GET <mac>-web.cfg 404",
  "GET <mac>-license.cfg 404",
  "GET <mac>-directory.xml 404",
  "GET 000000000000-directory.xml 404",
  "PUT <mac>-boot.log 200",
  "PUT <mac>-app.log 200",
];

/** What each vendor's phones ask for at a start, first at the plain URL and then at the next one. */
const starts: Record<ServedVendor, readonly string[]> = {
  yealink: ["GET <mac>.boot 200", "GET <mac>_Security.enc 404", "GET <mac>.cfg 200"],
  poly: ["GET <mac>.cfg 200", "GET 3111-48840-001.sip.ld 404", ...poly],
  cisco: ["GET <mac>.xml 200"],
  audiocodes: ["GET 405HD.img 404", "GET <mac>.cfg 200"],
};
const ciscoFirstStart = ["GET 8851-3PCC.xml 200"];
const vendors = Object.keys(starts) as readonly ServedVendor[];

/** What the vendor's phones answer to the gateway's NOTIFY, one answer after the other. */
const notifyAnswers: Record<ServedVendor, readonly number[]> = {
  yealink: [200],
  poly: [200],
  // Auth_Resync-Reboot is on unless a configuration says otherwise.
  cisco: [401, 200],
  audiocodes: [200],
};

describe.each(["udp", "tcp"] as const)("simulated phones over %s", (transport) => {
  let gateway: GatewayProcess;
  let admin: AdminClient;

  beforeAll(async () => {
    gateway = await GatewayProcess.start({ environment: { PHONE_TRANSPORT: transport } });
    admin = new AdminClient(gateway);
  });

  afterAll(async () => {
    await gateway.stop();
  });

  it.concurrent.each(vendors)(
    "a %s phone boots, registers, is enrolled and fetches when it is told to",
    async (vendor) => {
      const identity = identityOf(vendor, vendors.indexOf(vendor) + 1);
      // The first phone of each list of models, whatever its number.
      const first = { ...identity, ...firstModel(vendor) };
      const { macAddress } = first;
      await admin.addDevice(macAddress);
      const { phone, requests, notifies, faults } = watchPhone(gateway, first);
      try {
        expect(await phone.boot()).toEqual({ outcome: "registered", expiresSeconds: 1800 });
        const plain = vendor === "cisco" ? ciscoFirstStart : starts[vendor];
        expect(requests.map(named(macAddress))).toEqual([...plain, ...starts[vendor]]);
        const [binding] = await admin.registrationsOf(`sip:${macAddress}@onboarding.emea.invalid`);
        expect(binding?.transport).toBe(transport.toUpperCase());

        const code = await admin.generateCode(macAddress);
        const wrong = await phone.dial(`*55*${wrongCode(code)}`);
        expect(wrong).toMatchObject({ status: 403, reason: "Wrong verification code" });
        expect((await admin.device(macAddress)).state).toBe("waiting-on-activation");

        const refetched = nextRefetch(phone);
        requests.length = 0;
        const call = await phone.dial(`*55*${code}`);
        expect(call).toMatchObject({ status: 200, endedBy: "far-end" });
        // Two seconds of tone are a hundred packets; a loaded machine may lose some.
        expect(call.rtpPackets).toBeGreaterThan(80);
        expect(await admin.device(macAddress)).toMatchObject({
          state: "waiting-for-sign-in",
          online: true,
        });

        expect(await refetched).toEqual({ outcome: "fetched", accountChanged: false });
        expect(notifies.map(({ status }) => status)).toEqual(notifyAnswers[vendor]);
        expect(requests.map(named(macAddress))).toEqual(starts[vendor]);
      } finally {
        expect(await phone.stop()).toBe(200);
      }
      expect(faults).toEqual([]);
      const kinds = await historyKinds(gateway, macAddress);
      expect(kinds).toEqual(expect.arrayContaining(["added", "configuration-fetched"]));
      expect(kinds.filter((kind) => kind !== "configuration-fetched")).toEqual([
        "added",
        "registered",
        "code-generated",
        "code-wrong",
        "enrolled",
        "notified",
        "unregistered",
      ]);
    },
  );
});

function firstModel(vendor: ServedVendor) {
  const { model, firmware } = identityOf(vendor, 1);
  return { model, firmware };
}

/** Leaves the file's name of a request, with `<mac>` in it. */
function named(macAddress: string): (request: string) => string {
  return (request) => request.replace(/\/\S*\//, "").replace(new RegExp(macAddress, "i"), "<mac>");
}
