import { randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import { type Command, commandsKeptPerDevice } from "../../src/domain/command.ts";
import type { TenantId } from "../../src/domain/tenant.ts";
import type { Subject } from "./backends.ts";
import { hostileTexts, mac, newTenantId, now } from "./sample-data.ts";

/** Before every `sentAtMilliseconds` of these tests: whatever is `sent` still counts. */
const longAgo = now - 60_000;

/** What CommandStore promises. */
export function describeCommands(subject: Subject): void {
  const append = async (tenantId: TenantId, count: number, device = 1): Promise<Command[]> => {
    const commands = Array.from({ length: count }, () => commandOf(tenantId, device));
    for (const command of commands) await subject.stores.commands.append(command);
    return commands;
  };
  const take = (tenantId: TenantId, at = now, sentAfter = longAgo, device = 1) =>
    subject.stores.commands.takeNext(tenantId, mac(device), at, sentAfter);

  it("finds a command of a device by its id, and none of another device or tenant", async () => {
    const tenantId = newTenantId();
    const { commands } = subject.stores;
    const [one, other] = await append(tenantId, 2);
    if (one === undefined || other === undefined) throw new Error("Nothing was appended.");
    expect(await commands.find(tenantId, mac(1), one.id)).toEqual(one);
    expect(await commands.find(tenantId, mac(1), other.id)).toEqual(other);
    expect(await commands.find(tenantId, mac(1), randomUUID())).toBeUndefined();
    expect(await commands.find(tenantId, mac(2), one.id)).toBeUndefined();
    expect(await commands.find(newTenantId(), mac(1), one.id)).toBeUndefined();
  });

  it("lists a device's commands, newest first, each as it stands, and no other device's or tenant's", async () => {
    const tenantId = newTenantId();
    const { commands } = subject.stores;
    expect(await commands.list(tenantId, mac(1))).toEqual([]);
    const [first, second, third] = await append(tenantId, 3);
    await append(tenantId, 1, 2);
    await append(newTenantId(), 1);
    const settled = await settle(await take(tenantId, now + 1), "refused", "Bad Event");
    const taken = await take(tenantId, now + 2);
    expect(taken?.id).toBe(second?.id);
    expect(settled.id).toBe(first?.id);
    expect(await commands.list(tenantId, mac(1))).toEqual([third, taken, settled]);
    await append(tenantId, commandsKeptPerDevice);
    expect(await commands.list(tenantId, mac(1))).toHaveLength(commandsKeptPerDevice);
  });

  it("takes the oldest queued command, which is `sent` from now on", async () => {
    const tenantId = newTenantId();
    const [oldest] = await append(tenantId, 3);
    const taken = await take(tenantId, now + 7);
    expect(taken).toEqual({ ...oldest, status: "sent", sentAtMilliseconds: now + 7 });
    const { commands } = subject.stores;
    expect(await commands.find(tenantId, mac(1), taken?.id ?? "")).toEqual(taken);
  });

  it("takes nothing when nothing is queued, and nothing of another device or tenant", async () => {
    const tenantId = newTenantId();
    expect(await take(tenantId)).toBeUndefined();
    await append(tenantId, 1, 2);
    await append(newTenantId(), 1);
    expect(await take(tenantId)).toBeUndefined();
    expect(await take(tenantId, now, longAgo, 2)).toBeDefined();
  });

  it("gives one command to one of 50 concurrent takers, on all nodes", async () => {
    const tenantId = newTenantId();
    const nodes = await subject.nodes();
    const [oldest] = await append(tenantId, 3);
    const taken = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        (nodes[index % nodes.length] ?? subject.stores).commands.takeNext(
          tenantId,
          mac(1),
          now,
          longAgo,
        ),
      ),
    );
    const given = taken.filter((command) => command !== undefined);
    expect(given.map(({ id }) => id)).toEqual([oldest?.id]);
  });

  it("gives each command once to 50 concurrent takers that no `sent` one holds up", async () => {
    const tenantId = newTenantId();
    const appended = await append(tenantId, 30);
    const taken = await Promise.all(Array.from({ length: 50 }, () => take(tenantId, now, now + 1)));
    const given = taken.filter((command) => command !== undefined);
    expect(given.map(({ id }) => id).sort()).toEqual(appended.map(({ id }) => id).sort());
  });

  it("has one command of a device `sent` at a time, until it is settled", async () => {
    const tenantId = newTenantId();
    const [, second, third] = await append(tenantId, 3);
    const first = await take(tenantId);
    expect(await take(tenantId)).toBeUndefined();
    await settle(first, "accepted");
    expect((await take(tenantId))?.id).toBe(second?.id);
    expect(await take(tenantId)).toBeUndefined();
    await settle(await find(second), "timed-out");
    expect((await take(tenantId))?.id).toBe(third?.id);
  });

  it("lets no device's `sent` command hold up another's", async () => {
    const tenantId = newTenantId();
    await append(tenantId, 1, 1);
    await append(tenantId, 1, 2);
    expect(await take(tenantId, now, longAgo, 1)).toBeDefined();
    expect(await take(tenantId, now, longAgo, 2)).toBeDefined();
  });

  it("goes on past a `sent` command from before the given time, which stays `sent`", async () => {
    const tenantId = newTenantId();
    const [first, second] = await append(tenantId, 2);
    await take(tenantId, now);
    expect(await take(tenantId, now + 32_000, now)).toBeUndefined();
    const taken = await take(tenantId, now + 32_001, now + 1);
    expect(taken).toMatchObject({ id: second?.id, sentAtMilliseconds: now + 32_001 });
    expect((await find(first))?.status).toBe("sent");
    expect(await take(tenantId, now + 32_002, now + 1)).toBeUndefined();
  });

  it("puts back what is `sent` since before the given time, in its place, and says what is left", async () => {
    const tenantId = newTenantId();
    const [first, second, third] = await append(tenantId, 3);
    const { commands } = subject.stores;
    await take(tenantId, now);
    await take(tenantId, now + 5, now + 1);
    expect(await commands.reclaim(tenantId, mac(1), now)).toBe(true);
    expect((await find(first))?.status).toBe("sent");
    expect(await commands.reclaim(tenantId, mac(1), now + 5)).toBe(true);
    expect(await find(first)).toEqual(first);
    expect((await find(second))?.status).toBe("sent");
    expect(await take(tenantId)).toBeUndefined();
    await settle(await find(second), "accepted");
    expect(await commands.reclaim(tenantId, mac(1), now + 5)).toBe(false);
    expect((await take(tenantId))?.id).toBe(first?.id);
    expect((await find(third))?.status).toBe("queued");
  });

  it("puts back nothing of another device or tenant, and none that is settled", async () => {
    const tenantId = newTenantId();
    const { commands } = subject.stores;
    await append(tenantId, 1, 1);
    await append(tenantId, 1, 2);
    const settled = await settle(await take(tenantId), "timed-out");
    const other = await take(tenantId, now, longAgo, 2);
    expect(await commands.reclaim(tenantId, mac(1), now + 1)).toBe(false);
    expect(await commands.reclaim(newTenantId(), mac(2), now + 1)).toBe(false);
    expect(await find(settled)).toEqual(settled);
    expect(await find(other)).toEqual(other);
  });

  it("gives a command that was put back to one of many, on all nodes", async () => {
    const tenantId = newTenantId();
    const [first] = await append(tenantId, 1);
    await take(tenantId, now);
    const nodes = await subject.nodes();
    const taken = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const { commands } = nodes[index % nodes.length] ?? subject.stores;
        await commands.reclaim(tenantId, mac(1), now + 1);
        return commands.takeNext(tenantId, mac(1), now + 2, longAgo);
      }),
    );
    const given = taken.filter((command) => command !== undefined);
    expect(given.map(({ id }) => id)).toEqual([first?.id]);
  });

  it("writes how a `sent` command ended", async () => {
    const tenantId = newTenantId();
    await append(tenantId, 1);
    const taken = await take(tenantId);
    const settled = await settle(taken, "refused");
    expect(await find(taken)).toEqual(settled);
    const again = await subject.openAgain();
    expect(await again.commands.find(tenantId, mac(1), settled.id)).toEqual(settled);
  });

  it("settles and requeues only a `sent` command that is there", async () => {
    const tenantId = newTenantId();
    const { commands } = subject.stores;
    const [queued] = await append(tenantId, 1);
    await settle(queued, "accepted");
    expect(await find(queued)).toEqual(queued);
    const settled = await settle(await take(tenantId), "accepted");
    await settle(settled, "timed-out");
    await commands.requeue(settled);
    expect(await find(queued)).toEqual(settled);
    const gone = commandOf(tenantId, 1, { status: "sent", sentAtMilliseconds: now });
    await settle(gone, "accepted");
    await commands.requeue(gone);
    expect(await find(gone)).toBeUndefined();
    expect(await take(tenantId)).toBeUndefined();
  });

  it("puts a `sent` command back to its place in the queue", async () => {
    const tenantId = newTenantId();
    const appended = await append(tenantId, 3);
    const taken = await take(tenantId);
    if (taken === undefined) throw new Error("Nothing was taken.");
    await subject.stores.commands.requeue(taken);
    expect(await find(taken)).toEqual(appended[0]);
    const order: string[] = [];
    for (let next = await take(tenantId); next !== undefined; next = await take(tenantId)) {
      order.push(next.id);
      await settle(next, "accepted");
    }
    expect(order).toEqual(appended.map(({ id }) => id));
  });

  it("takes a command that is appended again, as after a lost answer, for the same one", async () => {
    const tenantId = newTenantId();
    const [first] = await append(tenantId, 2);
    if (first === undefined) throw new Error("Nothing was appended.");
    const taken = await take(tenantId);
    await subject.stores.commands.append(first);
    expect(await find(first)).toEqual(taken);
  });

  it("removes the commands of one device and of no other", async () => {
    const tenantId = newTenantId();
    const [one] = await append(tenantId, 3, 1);
    const [other] = await append(tenantId, 1, 2);
    await subject.stores.commands.removeByDevice(tenantId, mac(1));
    await subject.stores.commands.removeByDevice(tenantId, mac(1));
    expect(await find(one)).toBeUndefined();
    expect(await take(tenantId)).toBeUndefined();
    expect(await find(other)).toEqual(other);
    const [anew] = await append(tenantId, 1, 1);
    expect((await take(tenantId))?.id).toBe(anew?.id);
  });

  it("keeps what is remembered of a device bounded, whatever comes at once", async () => {
    const tenantId = newTenantId();
    const many = Array.from({ length: 200 }, () => commandOf(tenantId, 1));
    await Promise.all(many.map((one) => subject.stores.commands.append(one)));
    const found = await Promise.all(many.map(find));
    expect(found.filter((one) => one !== undefined)).toHaveLength(commandsKeptPerDevice);
  });

  it("lets settled commands go first, the oldest of them before the others", async () => {
    const tenantId = newTenantId();
    const appended = await append(tenantId, commandsKeptPerDevice);
    const [stuck, ...later] = appended;
    // The first stays `sent`; the next two are settled; all others wait.
    await take(tenantId);
    for (let count = 0; count < 2; count++) {
      await settle(await take(tenantId, now, now + 1), "accepted");
    }
    await append(tenantId, 1);
    expect(await find(later[0])).toBeUndefined();
    expect(await find(later[1])).toBeDefined();
    await append(tenantId, 1);
    expect(await find(later[1])).toBeUndefined();
    expect(await find(stuck)).toBeDefined();
    expect(await find(later[2])).toBeDefined();
  });

  it("lets the oldest go when none is settled, and never the newest", async () => {
    const tenantId = newTenantId();
    const appended = await append(tenantId, commandsKeptPerDevice + 2);
    const kept = await Promise.all(appended.map(find));
    expect(kept.map((one) => one !== undefined)).toEqual(appended.map((_, index) => index >= 2));
    await subject.stores.commands.append(commandOf(tenantId, 1, { status: "accepted" }));
    expect((await take(tenantId))?.id).toBe(appended[3]?.id);
  });

  it.each([...hostileTexts, "\ud800"])("takes %j in a command literally", async (text) => {
    const tenantId = newTenantId();
    const command = commandOf(tenantId, 1, { actor: text });
    await subject.stores.commands.append(command);
    expect(await find(command)).toEqual(command);
    const taken = await take(tenantId);
    const settled = await settle(taken, "refused", text);
    expect(await find(command)).toEqual(settled);
  });

  async function find(command: Command | undefined): Promise<Command | undefined> {
    if (command === undefined) throw new Error("There is no command to look for.");
    return subject.stores.commands.find(command.tenantId, command.macAddress, command.id);
  }

  async function settle(
    command: Command | undefined,
    status: "accepted" | "refused" | "timed-out",
    reason = "OK",
  ): Promise<Command> {
    if (command === undefined) throw new Error("There is no command to settle.");
    const answer = status === "timed-out" ? null : { status: 200, reason };
    const settled = { ...command, status, settledAtMilliseconds: now + 9, answer };
    await subject.stores.commands.settle(settled);
    return settled;
  }
}

function commandOf(tenantId: TenantId, number: number, changes: Partial<Command> = {}): Command {
  return {
    id: randomUUID(),
    tenantId,
    macAddress: mac(number),
    kind: "restart",
    status: "queued",
    createdAtMilliseconds: now,
    sentAtMilliseconds: null,
    settledAtMilliseconds: null,
    answer: null,
    actor: "admin",
    ...changes,
  };
}
