import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** The Debian package that brings each program. */
const packages = {
  sipp: "sip-tester",
  "redis-server": "redis-server",
  baresip: "baresip-core",
} as const;

/** A real program that the gateway is tested with. */
export type PeerProgram = keyof typeof packages;

/**
 * Says which of these programs the machine lacks, for the reason of a skipped test; undefined when
 * all are there. Where `CI` is set nothing may be lacking: that throws.
 */
export function whyMissing(...programs: readonly PeerProgram[]): string | undefined {
  const missing = programs.filter((program) => !isOnPath(program));
  if (missing.length === 0) return undefined;
  const install = missing.map((program) => packages[program]).join(" ");
  const reason = `needs ${missing.join(" and ")} (apt-get install ${install})`;
  if (process.env.CI !== undefined) throw new Error(`This test ${reason}.`);
  return reason;
}

function isOnPath(program: string): boolean {
  return (process.env.PATH ?? "").split(delimiter).some((folder) => {
    if (folder === "") return false;
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
