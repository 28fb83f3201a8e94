import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { StoreUnavailableError } from "../../src/domain/stores.ts";
import { GroupCommit } from "../../src/stores/sqlite/group-commit.ts";

describe("group commit", () => {
  let folder: string;
  let database: DatabaseSync;
  let group: GroupCommit;

  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), "gateway-group-"));
    database = new DatabaseSync(path.join(folder, "test.sqlite"));
    database.exec("PRAGMA journal_mode = WAL; CREATE TABLE words (word TEXT PRIMARY KEY)");
    group = new GroupCommit(database);
  });
  afterEach(() => {
    database.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const insert = (word: string) => () => {
    database.prepare("INSERT INTO words VALUES (?)").run(word);
    return word;
  };
  /** What another connection sees: committed rows only. */
  const committed = () => {
    const other = new DatabaseSync(path.join(folder, "test.sqlite"), { readOnly: true });
    const rows = other.prepare("SELECT word FROM words ORDER BY word").all();
    other.close();
    return rows.map((row) => row.word);
  };

  it("commits the writes of one turn together, and resolves each after that", async () => {
    const resolved: string[] = [];
    const writes = ["a", "b", "c"].map(async (word) => {
      resolved.push(await group.write(insert(word)));
    });
    expect(committed()).toEqual([]);
    await Promise.resolve();
    expect(resolved).toEqual([]);
    await Promise.all(writes);
    expect(resolved).toEqual(["a", "b", "c"]);
    expect(committed()).toEqual(["a", "b", "c"]);
  });

  it("takes back the effects of a write that throws, and no other's", async () => {
    const results = await Promise.allSettled([
      group.write(insert("a")),
      group.write(insert("a")),
      group.writeSeveral(() => {
        insert("b")();
        insert("c")();
        throw new RangeError("not these");
      }),
      group.writeSeveral(() => [insert("d")(), insert("e")()]),
      group.write(insert("f")),
    ]);
    expect(results.map(({ status }) => status)).toEqual([
      "fulfilled",
      "rejected",
      "rejected",
      "fulfilled",
      "fulfilled",
    ]);
    expect(results[2]).toMatchObject({ reason: new RangeError("not these") });
    expect(committed()).toEqual(["a", "d", "e", "f"]);
  });

  it("lets no read resolve before what it saw is durable", async () => {
    const count = () => database.prepare("SELECT count(*) AS words FROM words").get()?.words;
    await expect(group.read(count)).resolves.toBe(0);
    let isRead = false;
    const write = group.write(insert("a"));
    const read = group.read(count).then((words) => {
      isRead = true;
      return words;
    });
    await Promise.resolve();
    await Promise.resolve();
    expect(isRead).toBe(false);
    await write;
    expect(await read).toBe(1);
    expect(committed()).toEqual(["a"]);
  });

  it("rejects all writes and reads of a transaction that the disk did not take, and undoes memory", async () => {
    const { page_count: pages } = database.prepare("PRAGMA page_count").get() ?? {};
    database.exec(`PRAGMA max_page_count = ${pages}`);
    const undone: string[] = [];
    const results = await Promise.allSettled([
      group.write(insert("small"), () => undone.push("small")),
      group.read(() => "seen"),
      group.write(insert("x".repeat(200_000)), () => undone.push("large")),
    ]);
    const [small, , large] = results;
    expect(large).toMatchObject({ status: "rejected" });
    expect(large?.status === "rejected" && large.reason).toBeInstanceOf(StoreUnavailableError);
    expect(undone).toContain("large");
    // Whether SQLite gave up the statement or the transaction: memory and disk say the same.
    expect(committed()).toEqual(small?.status === "fulfilled" ? ["small"] : []);
    expect(undone.includes("small")).toBe(small?.status === "rejected");
    database.exec("PRAGMA max_page_count = 100000");
    await group.write(insert("later"));
    expect(committed()).toContain("later");
  });

  it("rejects everybody when the commit itself fails, in the reverse order of their writes", async () => {
    database.exec(`
      PRAGMA foreign_keys = ON;
      CREATE TABLE parents (id INTEGER PRIMARY KEY);
      CREATE TABLE children (parent INTEGER REFERENCES parents (id) DEFERRABLE INITIALLY DEFERRED);
    `);
    const undone: number[] = [];
    const orphan = () => database.exec("INSERT INTO children VALUES (1)");
    const results = await Promise.allSettled([
      group.write(insert("a"), () => undone.push(1)),
      group.write(orphan, () => undone.push(2)),
      group.read(() => "seen"),
    ]);
    for (const result of results) {
      expect(result).toMatchObject({ status: "rejected" });
      expect(result.status === "rejected" && result.reason).toBeInstanceOf(StoreUnavailableError);
    }
    expect(undone).toEqual([2, 1]);
    expect(committed()).toEqual([]);
    await group.write(insert("b"));
    expect(committed()).toEqual(["b"]);
  });

  it("commits a burst at once when it has grown large", () => {
    const writes = Array.from({ length: 512 }, (_, number) => group.write(insert(String(number))));
    expect(committed()).toHaveLength(512);
    return Promise.all(writes);
  });

  it("commits what is pending when it stops, and refuses all that comes later", async () => {
    const write = group.write(insert("a"));
    group.stop();
    expect(committed()).toEqual(["a"]);
    await write;
    await expect(group.write(insert("b"))).rejects.toThrow(StoreUnavailableError);
    await expect(group.read(() => 1)).rejects.toThrow(StoreUnavailableError);
  });
});
