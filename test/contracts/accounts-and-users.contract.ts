import { expect, it } from "vitest";
import type { Account } from "../../src/domain/account.ts";
import type { User } from "../../src/domain/user.ts";
import type { Subject } from "./backends.ts";
import { account, hostileTexts, mac, newTenantId, user } from "./sample-data.ts";

/** What AccountStore and UserStore promise. */
export function describeAccountsAndUsers(subject: Subject): void {
  it("finds an account by its authentication name, again and again", async () => {
    const tenantId = newTenantId();
    const { accounts } = subject.stores;
    const one = account(tenantId, "adele", { macAddress: mac(1) });
    expect(await accounts.findByAuthenticationName("adele")).toBeUndefined();
    await accounts.putMany([one]);
    expect(await accounts.findByAuthenticationName("adele")).toEqual(one);
    expect(await accounts.findByAuthenticationName("adele")).toEqual(one);
    expect(await accounts.findByAuthenticationName("ADELE")).toBeUndefined();
  });

  it("writes many accounts, of several tenants", async () => {
    const tenants = [newTenantId(), newTenantId()];
    const all = tenants.flatMap((tenantId, index) =>
      Array.from({ length: 1500 }, (_, number) => account(tenantId, `${index}-${number}`)),
    );
    await subject.stores.accounts.putMany(all);
    await subject.stores.accounts.putMany([]);
    const found = await Promise.all(
      all.map((one) => subject.stores.accounts.findByAuthenticationName(one.authenticationName)),
    );
    expect(found).toEqual(all);
  });

  it("replaces an account together with what it is found by", async () => {
    const tenantId = newTenantId();
    const { accounts } = subject.stores;
    await accounts.putMany([account(tenantId, "adele", { aor: "sip:old@x", macAddress: mac(1) })]);
    await accounts.findByAuthenticationName("adele");
    const replaced = account(tenantId, "adele", { aor: "sip:new@x", macAddress: mac(2) });
    await accounts.putMany([replaced]);
    expect(await accounts.findByAuthenticationName("adele")).toEqual(replaced);
    expect(await accounts.aorExists(tenantId, "sip:old@x")).toBe(false);
    expect(await accounts.aorExists(tenantId, "sip:new@x")).toBe(true);
    await accounts.removeByDevice(tenantId, mac(1));
    expect(await accounts.findByAuthenticationName("adele")).toEqual(replaced);
    await accounts.removeByDevice(tenantId, mac(2));
    expect(await accounts.findByAuthenticationName("adele")).toBeUndefined();
  });

  it("removes one account together with what it is found by, and no other", async () => {
    const tenantId = newTenantId();
    const { accounts } = subject.stores;
    const [one, other] = ["one", "other"].map((name) =>
      account(tenantId, name, { aor: `sip:${name}@x`, macAddress: mac(1) }),
    );
    if (one === undefined || other === undefined) throw new Error("none");
    const softPhone = account(tenantId, "soft", { aor: "sip:soft@x", macAddress: null });
    await accounts.putMany([one, other, softPhone]);
    await accounts.findByAuthenticationName("one");
    await accounts.remove(newTenantId(), "one");
    expect(await accounts.findByAuthenticationName("one")).toEqual(one);
    for (const name of ["one", "soft", "one", "never"]) await accounts.remove(tenantId, name);
    expect(await accounts.findByAuthenticationName("one")).toBeUndefined();
    expect(await accounts.aorExists(tenantId, "sip:one@x")).toBe(false);
    expect(await accounts.aorExists(tenantId, "sip:soft@x")).toBe(false);
    expect(await accounts.findByAuthenticationName("other")).toEqual(other);
    await accounts.putMany([{ ...one, aor: "sip:again@x", macAddress: mac(2) }]);
    await accounts.removeByDevice(tenantId, mac(1));
    expect(await accounts.aorExists(tenantId, "sip:again@x")).toBe(true);
  });

  it("writes none of the accounts when one cannot be written", async () => {
    const tenantId = newTenantId();
    const { accounts } = subject.stores;
    const circular: Record<string, unknown> = { ...account(tenantId, "second") };
    circular.ha1 = circular;
    const some = [account(tenantId, "first"), circular as unknown as Account];
    // What cannot be written may throw at once or reject; a caller that awaits sees the same.
    await expect((async () => accounts.putMany(some))()).rejects.toThrow(TypeError);
    expect(await accounts.findByAuthenticationName("first")).toBeUndefined();
    expect(await accounts.aorExists(tenantId, "sip:first@contoso.example")).toBe(false);
  });

  it("knows whether any account has an AOR, as long as one has it", async () => {
    const tenantId = newTenantId();
    const { accounts } = subject.stores;
    const aor = "sip:shared@contoso.example";
    const on = (name: string, number: number) =>
      account(tenantId, name, { aor, macAddress: mac(number) });
    await accounts.putMany([on("a", 1), on("b", 2)]);
    expect(await accounts.aorExists(tenantId, aor)).toBe(true);
    expect(await accounts.aorExists(tenantId, `${aor} `)).toBe(false);
    expect(await accounts.aorExists(tenantId, aor.slice(0, -1))).toBe(false);
    expect(await accounts.aorExists(newTenantId(), aor)).toBe(false);
    await accounts.removeByDevice(tenantId, mac(1));
    expect(await accounts.aorExists(tenantId, aor)).toBe(true);
    await accounts.removeByDevice(tenantId, mac(2));
    expect(await accounts.aorExists(tenantId, aor)).toBe(false);
  });

  it("removes all accounts of one device but the one that is to be kept", async () => {
    const tenantId = newTenantId();
    const { accounts } = subject.stores;
    const all = ["a", "b", "c"].map((name) => account(tenantId, name, { macAddress: mac(1) }));
    await accounts.putMany(all);
    await accounts.removeByDevice(tenantId, mac(1), "b");
    const found = ["a", "b", "c"].map((name) => accounts.findByAuthenticationName(name));
    expect(await Promise.all(found)).toEqual([undefined, all[1], undefined]);
    expect(await accounts.aorExists(tenantId, all[0]?.aor ?? "")).toBe(false);
    await accounts.removeByDevice(tenantId, mac(1), null);
    expect(await accounts.findByAuthenticationName("b")).toBeUndefined();
  });

  it("removes all accounts of one device and of no other", async () => {
    const [tenantId, elsewhere] = [newTenantId(), newTenantId()];
    const { accounts } = subject.stores;
    await accounts.putMany([
      account(tenantId, "one", { macAddress: mac(1) }),
      account(tenantId, "two", { macAddress: mac(1) }),
      account(tenantId, "other", { macAddress: mac(2) }),
      account(tenantId, "soft phone"),
      account(elsewhere, "elsewhere", { macAddress: mac(1) }),
    ]);
    const names = ["one", "two", "other", "soft phone", "elsewhere"];
    for (const name of names) await accounts.findByAuthenticationName(name);
    await accounts.removeByDevice(tenantId, mac(1));
    await accounts.removeByDevice(tenantId, mac(1));
    const found = await Promise.all(names.map((name) => accounts.findByAuthenticationName(name)));
    expect(found.map((one) => one?.authenticationName)).toEqual([
      undefined,
      undefined,
      ...names.slice(2),
    ]);
  });

  it("shows a removal to whoever looks after it, even while others look", async () => {
    const tenantId = newTenantId();
    const { accounts } = subject.stores;
    await accounts.putMany([account(tenantId, "adele", { macAddress: mac(1) })]);
    const removal = accounts.removeByDevice(tenantId, mac(1));
    const meanwhile = accounts.findByAuthenticationName("adele");
    await Promise.all([removal, meanwhile]);
    expect(await accounts.findByAuthenticationName("adele")).toBeUndefined();
  });

  it.each(hostileTexts)("takes %j in an account literally", async (text) => {
    const tenantId = newTenantId();
    const { accounts } = subject.stores;
    const hostile = account(tenantId, text, { aor: text, upn: text, macAddress: mac(1) });
    await accounts.putMany([hostile]);
    expect(await accounts.findByAuthenticationName(text)).toEqual(hostile);
    expect(await accounts.aorExists(tenantId, text)).toBe(true);
    await accounts.removeByDevice(tenantId, mac(1));
    expect(await accounts.findByAuthenticationName(text)).toBeUndefined();
    expect(await accounts.aorExists(tenantId, text)).toBe(false);
  });

  it("finds a user by UPN and by phone number", async () => {
    const [tenantId, elsewhere] = [newTenantId(), newTenantId()];
    const { users } = subject.stores;
    const adele = user(tenantId, "adele@contoso.example", "+14255550100");
    const alex = user(tenantId, "alex@contoso.example");
    await users.putMany([adele, alex]);
    await users.putMany([]);
    expect(await users.find(tenantId, adele.upn)).toEqual(adele);
    expect(await users.find(tenantId, alex.upn)).toEqual(alex);
    expect(await users.find(elsewhere, adele.upn)).toBeUndefined();
    expect(await users.findByPhoneNumber(tenantId, "+14255550100")).toEqual(adele);
    expect(await users.findByPhoneNumber(tenantId, "+1425555010")).toBeUndefined();
    expect(await users.findByPhoneNumber(elsewhere, "+14255550100")).toBeUndefined();
  });

  it("finds many users at once, in the order they are asked for", async () => {
    const [tenantId, elsewhere] = [newTenantId(), newTenantId()];
    const { users } = subject.stores;
    const many = Array.from({ length: 1200 }, (_, index) =>
      user(tenantId, `person-${index}@contoso.example`),
    );
    await users.putMany(many);
    const upns = many.map(({ upn }) => upn).reverse();
    expect(await users.findMany(tenantId, ["none@contoso.example", ...upns])).toEqual([
      undefined,
      ...many.toReversed(),
    ]);
    expect(await users.findMany(tenantId, [])).toEqual([]);
    expect(await users.findMany(elsewhere, upns.slice(0, 1))).toEqual([undefined]);
  });

  it("replaces the user with the same UPN, and the number with it", async () => {
    const tenantId = newTenantId();
    const { users } = subject.stores;
    await users.putMany([user(tenantId, "adele@x", "+1"), user(tenantId, "alex@x", "+2")]);
    await users.putMany([user(tenantId, "adele@x", "+3"), user(tenantId, "alex@x")]);
    expect(await users.findByPhoneNumber(tenantId, "+1")).toBeUndefined();
    expect(await users.findByPhoneNumber(tenantId, "+2")).toBeUndefined();
    expect((await users.findByPhoneNumber(tenantId, "+3"))?.upn).toBe("adele@x");
    expect((await users.find(tenantId, "alex@x"))?.phoneNumber).toBeNull();
  });

  it("changes how a user's calls are handled, and nothing else of him", async () => {
    const tenantId = newTenantId();
    const { users } = subject.stores;
    const adele = user(tenantId, "adele@contoso.example", "+14255550100");
    await users.putMany([adele]);
    const forwarding = { when: "busy", to: "+14255550101" } as const;
    expect(await users.setCallHandling(tenantId, adele.upn, { forwarding })).toBe(true);
    expect(await users.setCallHandling(tenantId, adele.upn, { doNotDisturb: true })).toBe(true);
    const changed = { ...adele, forwarding, doNotDisturb: true };
    expect(await users.find(tenantId, adele.upn)).toEqual(changed);
    expect(await users.findByPhoneNumber(tenantId, "+14255550100")).toEqual(changed);
    expect(await users.setCallHandling(tenantId, adele.upn, { forwarding: null })).toBe(true);
    expect((await users.find(tenantId, adele.upn))?.forwarding).toBeNull();
    expect(await users.setCallHandling(tenantId, "bob@x", { forwarding })).toBe(false);
    expect(await users.setCallHandling(newTenantId(), adele.upn, { forwarding })).toBe(false);
    expect(await users.find(tenantId, "bob@x")).toBeUndefined();
  });

  it("loses none of several changes of one user at once", async () => {
    const tenantId = newTenantId();
    const { users } = subject.stores;
    await users.putMany([user(tenantId, "adele@x", "+1")]);
    const forwarding = { when: "always", to: "+14255550101" } as const;
    await Promise.all([
      users.setCallHandling(tenantId, "adele@x", { doNotDisturb: true }),
      users.setCallHandling(tenantId, "adele@x", { forwarding }),
    ]);
    const found = await users.find(tenantId, "adele@x");
    expect(found).toMatchObject({ doNotDisturb: true, forwarding });
  });

  it("finds the first by UPN of those who share a number", async () => {
    const tenantId = newTenantId();
    await subject.stores.users.putMany([user(tenantId, "b@x", "+1"), user(tenantId, "a@x", "+1")]);
    expect((await subject.stores.users.findByPhoneNumber(tenantId, "+1"))?.upn).toBe("a@x");
  });

  it("gives a phone number to one of 30 users who want it at once, on all nodes, and names him", async () => {
    const tenantId = newTenantId();
    const nodes = await subject.nodes();
    const upns = Array.from({ length: 30 }, (_, index) => `user${index}@x`);
    const holders = await Promise.all(
      upns.map((upn, index) =>
        (nodes[index % nodes.length] ?? subject.stores).users.putWithOwnNumber(
          user(tenantId, upn, "+1"),
        ),
      ),
    );
    const [winner, ...more] = upns.filter((_, index) => holders[index] === undefined);
    expect(more).toEqual([]);
    expect(new Set(holders)).toEqual(new Set([undefined, winner]));
    const { users } = subject.stores;
    expect((await users.list(tenantId, { limit: 50 })).items.map(({ upn }) => upn)).toEqual([
      winner,
    ]);
  });

  it("lets a user keep his number, lets others have one that is given up, and any number have none", async () => {
    const tenantId = newTenantId();
    const { users } = subject.stores;
    const put = (upn: string, number: string | null) =>
      users.putWithOwnNumber(user(tenantId, upn, number));
    expect(await put("a@x", "+1")).toBeUndefined();
    expect(await put("a@x", "+1")).toBeUndefined();
    expect(await put("b@x", "+1")).toBe("a@x");
    expect(await users.find(tenantId, "b@x")).toBeUndefined();
    expect(await put("a@x", "+2")).toBeUndefined();
    expect(await put("b@x", "+1")).toBeUndefined();
    expect(await put("c@x", null)).toBeUndefined();
    expect(await put("d@x", null)).toBeUndefined();
    await users.remove(tenantId, "b@x");
    expect(await put("c@x", "+1")).toBeUndefined();
    expect(await users.putWithOwnNumber(user(newTenantId(), "e@x", "+1"))).toBeUndefined();
    expect((await users.findByPhoneNumber(tenantId, "+1"))?.upn).toBe("c@x");
  });

  it("writes none of the users when one cannot be written", async () => {
    const tenantId = newTenantId();
    const { users } = subject.stores;
    const circular: Record<string, unknown> = { ...user(tenantId, "second@x") };
    circular.displayName = circular;
    const some = [user(tenantId, "first@x"), circular as unknown as User];
    await expect((async () => users.putMany(some))()).rejects.toThrow(TypeError);
    expect(await users.find(tenantId, "first@x")).toBeUndefined();
  });

  it.each(hostileTexts)("takes %j in a user literally", async (text) => {
    const tenantId = newTenantId();
    const hostile = { ...user(tenantId, text, text), displayName: text };
    await subject.stores.users.putMany([hostile]);
    expect(await subject.stores.users.find(tenantId, text)).toEqual(hostile);
    expect(await subject.stores.users.findByPhoneNumber(tenantId, text)).toEqual(hostile);
  });
}
