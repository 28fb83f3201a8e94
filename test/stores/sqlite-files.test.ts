import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { DatabaseSync } from "node:sqlite";
import { pino } from "pino";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openStores } from "../../src/stores/open-stores.ts";
import { binding, newTenantId, now } from "../contracts/sample-data.ts";

const logger = pino({ level: "silent" });

describe("the data folder", () => {
  let parent: string;
  let dataDir: string;

  beforeEach(() => {
    parent = mkdtempSync(path.join(os.tmpdir(), "gateway-files-"));
    dataDir = path.join(parent, "made", "when-missing");
  });
  afterEach(() => rmSync(parent, { recursive: true, force: true }));

  const open = () => openStores({ dataDir, redisUrl: undefined, logger });
  const modeOf = (file: string) => (statSync(file).mode & 0o777).toString(8);

  it("is its owner's only, and so is every file in it", async () => {
    const stores = await open();
    await stores.tenants.list();
    expect(modeOf(dataDir)).toBe("700");
    for (const name of ["gateway.sqlite", "gateway.sqlite-wal"]) {
      expect(modeOf(path.join(dataDir, name))).toBe("600");
    }
    await stores.stop();
  });

  it("is refused to a second gateway, in this process or another, until the first has ended", async () => {
    const stores = await open();
    await expect(open()).rejects.toMatchObject({
      code: "DATA_FOLDER_IN_USE",
      message: expect.stringContaining(dataDir),
    });
    const module = path.join(import.meta.dirname, "../../src/stores/open-stores.ts");
    const program = `
      const { openStores } = await import(${JSON.stringify(module)});
      try {
        await openStores({ dataDir: ${JSON.stringify(dataDir)}, redisUrl: undefined, logger: console });
      } catch (error) {
        console.log(error.message);
      }`;
    const other = spawnSync(process.execPath, ["--input-type=module", "-e", program], {
      encoding: "utf8",
    });
    expect(other.stdout).toContain("Another gateway is running on the data folder");
    await stores.stop();
    await (await open()).stop();
  });

  it("is refused when a newer gateway wrote it", async () => {
    await (await open()).stop();
    const database = new DatabaseSync(path.join(dataDir, "gateway.sqlite"));
    database.exec("PRAGMA user_version = 999");
    database.close();
    await expect(open()).rejects.toMatchObject({ code: "SCHEMA_TOO_NEW" });
  });

  it("keeps every binding through all trimming of its journal, and keeps the journal short", async () => {
    const tenantId = newTenantId();
    const aorOf = (number: number) => `sip:${number}@contoso.example`;
    const stores = await open();
    const write = (number: number, cseq: number) =>
      stores.bindings.update(tenantId, aorOf(number), now, () => ({
        bindings: number === 7 && cseq > 0 ? [] : [binding(tenantId, aorOf(number), { cseq })],
      }));
    // A hundred AORs are written once and must outlive the rows of ten that are refreshed without end.
    await Promise.all(Array.from({ length: 110 }, (_, number) => write(number, 0)));
    for (let cseq = 1; cseq <= 2000; cseq++) {
      await Promise.all(Array.from({ length: 10 }, (_, number) => write(number, cseq)));
    }
    await stores.stop();
    const database = new DatabaseSync(path.join(dataDir, "gateway.sqlite"));
    const row = database.prepare("SELECT count(*) AS rows FROM binding_journal").get();
    expect(row?.rows).toBeLessThan(5000);
    database.close();
    const again = await open();
    expect(await again.bindings.count(tenantId, now)).toBe(109);
    for (let number = 0; number < 110; number++) {
      const found = await again.bindings.find(tenantId, aorOf(number), now);
      const expected = number === 7 ? [] : [{ cseq: number < 10 ? 2000 : 0 }];
      expect(found).toMatchObject(expected);
    }
    await again.stop();
  });

  it("holds no file open once it has been stopped", async () => {
    await (await open()).stop();
    expect(existsSync(path.join(dataDir, "gateway.sqlite-wal"))).toBe(false);
  });
});
