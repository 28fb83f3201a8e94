import { afterEach, describe, expect, it } from "vitest";
import { signInAsPerson } from "../../src/cli/sign-in-as-person.ts";
import { AdminClient } from "../support/admin-client.ts";
import { GatewayProcess } from "../support/gateway-process.ts";
import { RedisServer, whyNoRedisServer } from "../support/redis-server.ts";
import { adele, enrolPhone } from "../support/signed-in-phone.ts";
import { waitUntil } from "../support/wait-until.ts";

/** Longer than a node may be silent, and than its heir waits between two looks. */
const untilTakenOverSeconds = 90;

const ends: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

async function startNode(redisUrl: string, nodeId: string): Promise<GatewayProcess> {
  const environment = { LAB: "true", REDIS_URL: redisUrl, NODE_ID: nodeId };
  const node = await GatewayProcess.start({ environment });
  ends.push(() => node.stop());
  return node;
}

describe.skipIf(whyNoRedisServer() !== undefined)("two nodes on one Redis", () => {
  it("a sign-in that a node began before it was killed is completed by the other", {
    timeout: 60_000,
  }, async () => {
    const redis = await RedisServer.start();
    ends.push(() => redis.stop());
    const first = await startNode(redis.url, "node-1");
    const second = await startNode(redis.url, "node-2");
    const { phone, macAddress, administrator } = await enrolPhone(first);
    ends.push(() => phone.stop());
    await administrator.putUser(adele);
    const started = await administrator.startSignIn(macAddress);
    await first.kill();

    // A balancer in front of the nodes brings the user's browser to the one that lives.
    const at = (uri: string) => uri.replace(first.adminUrl, second.adminUrl);
    const { verificationUri, verificationUriComplete } = started;
    await signInAsPerson(
      {
        ...started,
        verificationUri: at(verificationUri),
        verificationUriComplete: at(verificationUriComplete),
      },
      adele,
    );
    const admin = new AdminClient(second);
    await admin.advanceClock(untilTakenOverSeconds);
    await waitUntil(
      async () => ((await admin.device(macAddress)).state === "signed-in" ? true : undefined),
      { what: "The other node completed the sign-in", timeoutMilliseconds: 20_000 },
    );
    expect(await admin.device(macAddress)).toMatchObject({ user: { upn: adele.upn } });
    // So that the phone, which goes on speaking to it, can take leave.
    await first.restart();
  });
});
