import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AdminClient } from "../support/admin-client.ts";
import { type SippTransport, startSipp } from "./sipp/sipp-process.ts";
import { userFields } from "./sipp/stage.ts";

/** How many users are registered, and how. */
export interface MassRegistration {
  readonly count: number;
  readonly transport: SippTransport;
  /** Port of 127.0.0.1 where the gateway listens. */
  readonly remotePort: number;
  /** Calls that SIPp starts a second, a call being REGISTER, 401, REGISTER, 200. */
  readonly ratePerSecond: number;
}

const usersAtOnce = 5_000;
const bufferBytes = 4_194_304;
const mostOpenCalls = 1_000;

/**
 * Registers that many sample users with SIPp, each with a challenge and a Contact of its own.
 * @returns how long SIPp took, in milliseconds
 * @throws Error with SIPp's log when any of them was not registered
 */
export async function registerSampleUsers(
  admin: AdminClient,
  { count, transport, remotePort, ratePerSecond }: MassRegistration,
): Promise<number> {
  const users: (readonly string[])[] = [];
  for (let from = 1; from <= count; from += usersAtOnce) {
    const made = await admin.sampleUsers(from, Math.min(usersAtOnce, count - from + 1));
    users.push(...made.map((user) => userFields(user)));
  }
  const folder = await mkdtemp(join(tmpdir(), "sipp-"));
  try {
    const start = performance.now();
    const sipp = await startSipp({
      ...{ scenario: "uac-register-many", name: "register", callIdentifier: `mass-${Date.now()}` },
      ...{ transport, remotePort, users, folder },
      timeoutSeconds: Math.ceil(count / ratePerSecond) * 4 + 30,
      more: [
        ...["-r", String(ratePerSecond), "-l", String(mostOpenCalls)],
        ...["-buff_size", String(bufferBytes)],
      ],
    });
    const { exitCode, errors, screen } = await sipp.result;
    if (exitCode === 0) return performance.now() - start;
    throw new Error(`SIPp ended with ${exitCode}.\n${screen}\n${errors.slice(0, 5_000)}`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Counts the live bindings by paging through all of them. */
export async function countRegistrations(admin: AdminClient): Promise<number> {
  const aors = new Set<string>();
  let cursor: string | null = null;
  do {
    const next: string = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const page = await admin.registrations(`?limit=1000${next}`);
    for (const { aor } of page.items) aors.add(aor);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return aors.size;
}

/** The gauge of live bindings, as Prometheus reads it. */
export async function bindingsGauge(admin: AdminClient): Promise<number> {
  return admin.gauge("sip_gateway_bindings");
}
