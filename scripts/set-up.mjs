// Installs what is missing and nothing else: a recent Node where the machine's is older, the
// packages of the lock file when it changed and, with --test-peers, the programs that the tests
// talk to. Runs on any Node from 18 on, before any dependency is there.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import {
  isRecentEnough,
  leastMajor,
  nodeExecutable,
  projectRoot,
  runtimeFolder,
  runtimePackage,
} from "./node-runtime.mjs";

/** Program → the Debian package that brings it. */
const testPeers = {
  "redis-server": "redis-server",
  sipp: "sip-tester",
  baresip: "baresip-core",
  chromium: "chromium",
};

ensureNode();
ensurePackages();
if (process.argv.includes("--test-peers")) ensureTestPeers();

function ensureNode() {
  if (nodeExecutable() !== undefined) return;
  console.log(
    `Node ${process.version} is older than ${leastMajor}: installing one for this project …`,
  );
  mkdirSync(runtimeFolder, { recursive: true });
  run("npm", [
    "install",
    "--prefix",
    runtimeFolder,
    "--no-save",
    "--no-package-lock",
    `${runtimePackage}@${leastMajor}`,
  ]);
  if (nodeExecutable() === undefined) {
    fail(
      `No Node ${leastMajor} could be installed for this machine (${runtimePackage}). Install Node ${leastMajor} or later from nodejs.org.`,
    );
  }
}

function ensurePackages() {
  const lock = readFileSync(join(projectRoot, "package-lock.json"));
  const wanted = createHash("sha256").update(lock).digest("hex");
  const stamp = join(projectRoot, "node_modules", ".installed-lock");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return;
  console.log("Installing the packages of package-lock.json …");
  run("npm", ["ci", "--no-audit", "--no-fund"]);
  writeFileSync(stamp, wanted);
}

function ensureTestPeers() {
  const missing = Object.keys(testPeers).filter((program) => !isOnPath(program));
  if (missing.length === 0) return;
  const packages = missing.map((program) => testPeers[program]);
  const command = `apt-get update && apt-get install -y ${packages.join(" ")}`;
  const mayInstall = isOnPath("apt-get") && process.getuid?.() === 0;
  if (!mayInstall) {
    console.log(`The tests that talk to ${missing.join(", ")} need: sudo sh -c '${command}'`);
    return;
  }
  console.log(`Installing ${packages.join(", ")} for the tests …`);
  const environment = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  spawnSync("apt-get", ["update", "-qq"], { stdio: "inherit", env: environment });
  // Debian starts a redis-server of its own after the installation unless told not to (invoke-rc.d).
  const arguments_ = ["install", "-y", "-qq", "--no-install-recommends", ...packages];
  const result = spawnSync("apt-get", arguments_, {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...environment, RUNLEVEL: "1" },
  });
  if (result.status !== 0)
    console.log(`That failed; the tests that need them say so. Try: ${command}`);
}

function run(command, arguments_) {
  const result = spawnSync(command, arguments_, {
    cwd: projectRoot,
    stdio: ["ignore", "inherit", "inherit"],
    env: environmentWithRecentNode(),
  });
  if (result.status !== 0) {
    const why = result.error?.message ?? `exit code ${result.status}`;
    fail(`\`${command} ${arguments_.join(" ")}\` failed: ${why}`);
  }
}

/** npm's own install scripts then run on the Node that runs the project. */
function environmentWithRecentNode() {
  const node = nodeExecutable();
  if (node === undefined || isRecentEnough()) return process.env;
  return { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ""}` };
}

function isOnPath(program) {
  return (process.env.PATH ?? "")
    .split(delimiter)
    .some((folder) => folder !== "" && existsSync(join(folder, program)));
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
