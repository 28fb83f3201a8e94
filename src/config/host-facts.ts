import { hostname, networkInterfaces } from "node:os";
import type { HostFacts } from "./setting.ts";

/** What this machine says of itself. */
export function readHostFacts(): HostFacts {
  const addresses = Object.values(networkInterfaces()).flatMap((entries) => entries ?? []);
  const outward = addresses.find((entry) => !entry.internal && entry.family === "IPv4");
  return { hostName: hostname(), publicAddress: outward?.address };
}
