import { afterEach, describe, expect, test } from "vitest";
import { hashPassword } from "../../src/domain/password-hash.ts";
import { RedisServer, whyNoRedisServer } from "../support/redis-server.ts";
import { Browser, type Page } from "./browser.ts";
import { adele, type IdentityFixture, password, startIdentity } from "./identity-fixture.ts";

const noRedisServer = whyNoRedisServer();
const publicUrl = "https://gateway.example";

let ends: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of ends.reverse()) await end();
  ends = [];
});

async function startNodes(): Promise<[IdentityFixture, IdentityFixture]> {
  const redis = await RedisServer.start();
  ends.push(() => redis.stop());
  const options = { publicUrl, redisUrl: redis.url };
  const nodes = await Promise.all([
    startIdentity("unused", options),
    startIdentity("unused", options),
  ]);
  for (const node of nodes) ends.push(() => node.stop());
  return nodes;
}

/** What a balancer in front of the nodes does: the next request goes to this one. */
function at(node: IdentityFixture, page: Page): Page {
  return { ...page, url: new URL(page.url.pathname, node.origin) };
}

describe.skipIf(noRedisServer !== undefined)("nodes that share a Redis", () => {
  test("share a sign-in: each step at another one, behind one https URL", async () => {
    const [first, second] = await startNodes();
    const user = { ...adele, passwordHash: await hashPassword(password) };
    await first.stores.users.putMany([user]);
    const { deviceCode, userCode, verificationUri } = await first.provider.authorizeDevice();
    expect(verificationUri).toBe(`${publicUrl}/devicelogin`);

    const browser = new Browser();
    const code = await browser.open(`${second.origin}/devicelogin`);
    expect(code.headers.getSetCookie().join()).toMatch(/secure/i);
    const confirmation = await browser.submit(at(first, code), { user_code: userCode });
    const login = await browser.submit(at(second, confirmation), { confirm: "yes" });
    const fields = { user_name: adele.upn, password, action: "sign-in" };
    expect((await browser.submit(at(first, login), fields)).heading).toBe("Signed in");
    expect(await second.provider.poll(deviceCode)).toEqual({
      outcome: "granted",
      upn: adele.upn,
    });
    expect(await first.provider.poll(deviceCode)).toMatchObject({ outcome: "denied" });
  });
});
