import { once } from "node:events";
import { resolve } from "node:path";
import { SystemClock } from "../../sip/clock.ts";
import { readAdminToken } from "../config/admin-token.ts";
import { PhoneFleet } from "../lab/simulated-phones/phone-fleet.ts";
import { planPhones } from "../lab/simulated-phones/phone-models.ts";
import { FleetAdministrationError, FleetAdministrator } from "./phones/fleet-administrator.ts";
import { type FleetArguments, fleetUsage, readFleetArguments } from "./phones/fleet-arguments.ts";
import { countFailed, formatFleetReport } from "./phones/fleet-report.ts";
import { FleetSignIns } from "./phones/fleet-sign-ins.ts";

const location = "Simulated phones";

/** @returns the process's exit code: 0 all got through, 1 some did not, 2 wrong arguments */
async function main(): Promise<number> {
  const reading = readFleetArguments(process.argv.slice(2));
  if (!reading.ok) {
    process.stderr.write(`${reading.fault}\n\n${fleetUsage}`);
    return 2;
  }
  if (reading.value === "help") {
    process.stdout.write(fleetUsage);
    return 0;
  }
  const token = reading.value.token ?? process.env.ADMIN_TOKEN ?? keptToken();
  if (token === undefined) {
    process.stderr.write("No token is known; give it by --token or ADMIN_TOKEN.\n");
    return 2;
  }
  try {
    return await runFleet(reading.value, token);
  } catch (error) {
    if (!(error instanceof FleetAdministrationError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}

async function runFleet(request: FleetArguments, token: string): Promise<number> {
  const identities = planPhones(request.count, request.first, request.vendors);
  const { adminUrl, provisioningUrl, concurrency, spreadMilliseconds } = request;
  const administrator = new FleetAdministrator({ adminUrl, token });
  const macAddresses = identities.map(({ macAddress }) => macAddress);
  const codes = await administrator.prepare(macAddresses, location);
  const clock = new SystemClock();
  const signIns = new FleetSignIns({ administrator, clock });
  const { signsIn, note } = await decideSignIn(request, administrator);
  const fleet = new PhoneFleet({
    identities,
    provisioningUrl,
    codes,
    clock,
    ...(signsIn ? { signIn: (identity) => signIns.signIn(identity) } : {}),
    concurrency,
    spreadMilliseconds,
    onFault: ({ macAddress }, error) => {
      process.stderr.write(`${macAddress}: ${error instanceof Error ? error.stack : error}\n`);
    },
  });
  await fleet.run();
  if (request.stays) await untilInterrupted(formatFleetReport(fleet.runs, note));
  await fleet.stop();
  process.stdout.write(formatFleetReport(fleet.runs, note));
  return countFailed(fleet.runs) === 0 ? 0 : 1;
}

/** Whether users can be signed in, and a sentence on what is left out, if anything is. */
async function decideSignIn(
  { signsIn, count }: FleetArguments,
  administrator: FleetAdministrator,
): Promise<{ readonly signsIn: boolean; readonly note?: string }> {
  const leftOut = "Sign-in and calls were left out";
  if (!signsIn) return { signsIn, note: `${leftOut}, as --no-sign-in says.` };
  if (!(await administrator.signsUsersIn())) {
    const why = "this gateway has no sign-in page of its own, its users sign in elsewhere";
    return { signsIn: false, note: `${leftOut}: ${why}.` };
  }
  return count === 1 ? { signsIn, note: "A single phone has nobody to call." } : { signsIn };
}

async function untilInterrupted(report: string): Promise<void> {
  process.stdout.write(`${report}\nThe phones stay registered until Ctrl-C.\n`);
  await once(process, "SIGINT");
}

function keptToken(): string | undefined {
  return readAdminToken(resolve(process.env.DATA_DIR ?? "data"));
}

process.exitCode = await main();
