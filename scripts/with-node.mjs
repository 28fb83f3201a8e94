// node scripts/with-node.mjs FILE [ARG …]: runs FILE on a Node that is recent enough. Where that is
// the Node already running, no second process is started.
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { isRecentEnough, leastMajor, nodeExecutable } from "./node-runtime.mjs";

const [file, ...rest] = process.argv.slice(2);
if (file === undefined) {
  console.error("usage: node scripts/with-node.mjs FILE [ARGUMENT …]");
  process.exit(2);
}

if (isRecentEnough()) {
  process.argv = [process.argv[0], resolve(file), ...rest];
  await import(pathToFileURL(resolve(file)).href);
} else {
  runElsewhere();
}

function runElsewhere() {
  const node = nodeExecutable();
  if (node === undefined) {
    console.error(
      `This needs Node ${leastMajor} or later; this is ${process.version}. Run: node scripts/set-up.mjs`,
    );
    process.exit(2);
  }
  const child = spawn(node, [file, ...rest], { stdio: "inherit" });
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"]) {
    process.on(signal, () => child.kill(signal));
  }
  child.on("error", (error) => {
    console.error(`${node} cannot be started: ${error.message}`);
    process.exit(1);
  });
  child.on("exit", (code, signal) => {
    process.exit(code ?? 128 + (constants.signals[signal] ?? 0));
  });
}
