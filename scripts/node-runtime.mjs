// Which Node runs the gateway: the one that started us when it is recent enough, else one that
// set-up installs from the registry for this project alone. Runs on any Node from 18 on.
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const leastMajor = 24;
export const projectRoot = dirname(dirname(fileURLToPath(import.meta.url)));
export const runtimeFolder = join(projectRoot, ".node");

/** The registry package that holds Node's binary for this machine. */
export const runtimePackage = `node-${process.platform}-${process.arch}`;

const installed = join(runtimeFolder, "node_modules", runtimePackage, "bin", "node");

export function isRecentEnough(version = process.versions.node) {
  return Number.parseInt(version, 10) >= leastMajor;
}

/** Path of a Node that can run the project, or undefined before set-up has installed one. */
export function nodeExecutable() {
  if (isRecentEnough()) return process.execPath;
  return existsSync(installed) ? installed : undefined;
}
