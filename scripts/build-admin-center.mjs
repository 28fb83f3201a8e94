// node scripts/build-admin-center.mjs: builds the admin center's page where its sources, or the
// packages it is made of, changed since it was last built. Runs on a Node that is recent enough.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { projectRoot } from "./node-runtime.mjs";

const folder = join(projectRoot, "admin-center");
const built = join(folder, "dist");
const stamp = join(built, ".built-from");
const compressible = new Set([".js", ".css", ".svg"]);

const wanted = sourcesHash();
if (!existsSync(stamp) || readFileSync(stamp, "utf8") !== wanted) {
  console.log("Building the admin center …");
  const { build } = await import("vite");
  await build({ configFile: join(folder, "vite.config.ts"), logLevel: "warn" });
  for (const file of filesBelow(built).filter((name) => compressible.has(extname(name)))) {
    writeFileSync(`${file}.gz`, gzipSync(readFileSync(file), { level: 9 }));
  }
  writeFileSync(stamp, wanted);
}

function sourcesHash() {
  const hash = createHash("sha256").update(readFileSync(join(projectRoot, "package-lock.json")));
  const sources = filesBelow(folder).filter((file) => !file.startsWith(built));
  for (const file of sources.sort())
    hash.update(file.slice(folder.length)).update(readFileSync(file));
  return hash.digest("hex");
}

function filesBelow(root) {
  return readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
