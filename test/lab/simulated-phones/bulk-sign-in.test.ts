import { afterEach, beforeEach, expect, it } from "vitest";
import type { ServedVendor } from "../../../provisioning-http/vendor.ts";
import { AdminClient } from "../../support/admin-client.ts";
import { GatewayProcess } from "../../support/gateway-process.ts";
import { waitUntil } from "../../support/wait-until.ts";
import {
  historyKinds,
  identityOf,
  nextRefetch,
  type WatchedPhone,
  watchPhone,
} from "./phone-rig.ts";

interface Batch {
  readonly id: string;
  readonly status: string;
  readonly items: readonly {
    readonly line: number;
    readonly status: string;
    readonly code: string | null;
    readonly reason: string | null;
  }[];
}

const vendors = ["yealink", "poly", "cisco", "audiocodes"] as const satisfies ServedVendor[];
const numbers = vendors.map((_, index) => `+1425555010${index}`);
let gateway: GatewayProcess;
let admin: AdminClient;
let phones: WatchedPhone[];

beforeEach(async () => {
  gateway = await GatewayProcess.start();
  admin = new AdminClient(gateway);
  phones = [];
  await Promise.all(
    numbers.map((phoneNumber, index) =>
      call("PUT", `/users/user${index}@contoso.example`, { displayName: "User", phoneNumber }),
    ),
  );
  await call("PUT", "/sip-devices-configuration", { bulkSignIn: "enabled" });
  const excludedAddresses = ["40.112.71.149", "40.113.112.67"];
  const rule = { enabled: true, trustedRanges: ["127.0.0.0/8"], excludedAddresses };
  await call("PUT", "/conditional-access", rule);
  phones = await Promise.all(vendors.map(enrolledPhone));
});

afterEach(async () => {
  await Promise.all(phones.map(({ phone }) => phone.stop()));
  await gateway.stop();
  expect(phones.flatMap(({ faults }) => faults)).toEqual([]);
});

async function call(method: string, path: string, body?: object | string): Promise<unknown> {
  const type = typeof body === "string" ? "text/csv" : "application/json";
  const reply = await fetch(`${gateway.adminUrl}/api/v1${path}`, {
    method,
    headers: {
      authorization: `Bearer ${gateway.token}`,
      ...(body === undefined ? {} : { "content-type": type }),
    },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  if (!reply.ok) throw new Error(`${method} ${path}: ${reply.status} ${await reply.text()}`);
  return reply.json();
}

async function enrolledPhone(vendor: ServedVendor, index: number): Promise<WatchedPhone> {
  const watched = watchPhone(gateway, identityOf(vendor, index + 1));
  const { phone } = watched;
  const { macAddress } = phone.identity;
  await admin.addDevice(macAddress);
  expect(await phone.boot()).toMatchObject({ outcome: "registered" });
  const refetched = nextRefetch(phone);
  expect(await phone.dial(`*55*${await admin.generateCode(macAddress)}`)).toMatchObject({
    status: 200,
  });
  await refetched;
  return watched;
}

function fileOfAll(): string {
  const lines = phones.map(
    ({ phone }, index) => `user${index}@contoso.example,${phone.identity.macAddress}`,
  );
  return ["Username,HardwareId", ...lines].join("\r\n");
}

function upload(csv: string): Promise<Batch> {
  return call("POST", "/bulk-sign-in", csv) as Promise<Batch>;
}

function completed(id: string): Promise<Batch> {
  return waitUntil(
    async () => {
      const batch = (await call("GET", `/bulk-sign-in/${id}`)) as Batch;
      return batch.status === "completed" ? batch : undefined;
    },
    { what: "the end of the batch", timeoutMilliseconds: 30_000 },
  );
}

async function expectAllRegistered(): Promise<void> {
  await Promise.all(
    phones.map(({ phone }, index) => phone.waitForAccount(numbers[index] ?? "none")),
  );
  for (const number of numbers) {
    expect(await admin.registrationsOf(`sip:${number}@contoso.example`)).toHaveLength(1);
  }
}

it("a file signs phones of all vendors in, and they register as their users", async () => {
  const extra = "user0@contoso.example,02:00:00:00:00:99\r\nnobody@contoso.example,nothing";
  const { id, items } = await upload(`${fileOfAll()}\r\n${extra}`);
  expect(items.map(({ status }) => status)).toEqual([...Array(5).fill("queued"), "failed"]);
  const batch = await completed(id);
  expect(batch.items.map(({ line, status, code }) => ({ line, status, code }))).toEqual([
    ...[2, 3, 4, 5].map((line) => ({ line, status: "completed", code: null })),
    { line: 6, status: "failed", code: "device-not-found" },
    { line: 7, status: "failed", code: "hardware-id-malformed" },
  ]);
  await expectAllRegistered();
}, 60_000);

it("a gateway that is killed right after it took a file carries it out when it is back", async () => {
  const { id } = await upload(fileOfAll());
  await gateway.kill();
  await gateway.restart();
  const { items } = await completed(id);
  expect(items.map(({ status, reason }) => status + (reason ?? ""))).toEqual(
    Array(4).fill("completed"),
  );
  await expectAllRegistered();
  for (const { phone } of phones) {
    expect(await historyKinds(gateway, phone.identity.macAddress)).toContain("signed-in");
  }
}, 60_000);
