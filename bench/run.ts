// npm run bench: every benchmark of this folder, one after the other, each in a process of its own.
import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";

const files = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith(".bench.ts"))
  .sort();
let failed = 0;
for (const file of files) {
  console.log(`\n# ${file}`);
  const { status } = spawnSync(process.execPath, [`${import.meta.dirname}/${file}`], {
    stdio: "inherit",
  });
  if (status !== 0) failed++;
}
process.exit(failed > 0 ? 1 : 0);
