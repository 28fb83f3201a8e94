import { SystemClock } from "../../sip/clock.ts";
import { SimulatedPhone } from "../lab/simulated-phones/simulated-phone.ts";
import { DemoAdministrator } from "./demo/demo-administrator.ts";
import { DemoGateway } from "./demo/demo-gateway.ts";
import { type DemoPhonePlan, demoUsers, planDemo } from "./demo/demo-plan.ts";
import { takePhoneToStep } from "./demo/take-phone-to-step.ts";

/** How long a phone may take to its step; the sign-ins wait for two polls of five seconds. */
const stepMilliseconds = 60_000;

const clock = new SystemClock();

interface RunningPhone {
  readonly plan: DemoPhonePlan;
  readonly phone: SimulatedPhone;
  /** Where it is now, or why it is not where it should be. */
  standing: string;
  failed: boolean;
}

/** @returns the process's exit code: 0 all phones came to their steps, 1 some did not */
async function main(): Promise<number> {
  const interrupted = Promise.withResolvers<void>();
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.on(signal, () => interrupted.resolve());
  }
  process.stdout.write("Starting a gateway of the demo's own, with the laboratory open …\n");
  const gateway = await DemoGateway.start();
  const phones = planDemo().map((plan) => newPhone(plan, gateway));
  try {
    const started = startAll(gateway, phones).then(() => "started" as const);
    if ((await Promise.race([started, interrupted.promise])) === "started") {
      process.stdout.write(describe(gateway, phones));
      await interrupted.promise;
    } else started.catch(() => undefined);
  } finally {
    process.stdout.write("Stopping …\n");
    await Promise.all(phones.map(({ phone }) => phone.stop()));
    await gateway.stop();
  }
  return phones.some(({ failed }) => failed) ? 1 : 0;
}

function newPhone(plan: DemoPhonePlan, gateway: DemoGateway): RunningPhone {
  const provisioningUrl = `${gateway.provisioningUrl}/emea/`;
  const phone = new SimulatedPhone({
    ...plan.identity,
    provisioningUrl,
    answersForSeconds: 30,
    clock,
  });
  phone.on("fault", (error) => {
    process.stderr.write(`${plan.identity.macAddress}: ${reasonOf(error)}\n`);
  });
  return { plan, phone, standing: "on its way", failed: false };
}

async function startAll(gateway: DemoGateway, phones: readonly RunningPhone[]): Promise<void> {
  const administrator = new DemoAdministrator(gateway);
  for (const user of demoUsers) await administrator.putUser(user);
  process.stdout.write("Taking ten simulated phones to where they shall be; some 15 seconds …\n");
  await Promise.all(phones.map((running) => start(running, administrator)));
}

async function start(running: RunningPhone, administrator: DemoAdministrator): Promise<void> {
  const { plan, phone } = running;
  const late = Promise.withResolvers<never>();
  const deadline = clock.schedule(stepMilliseconds, () =>
    late.reject(new Error(`not ${plan.step} within ${stepMilliseconds / 1000} s`)),
  );
  try {
    const step = takePhoneToStep(plan, phone, administrator);
    running.standing = await Promise.race([step, late.promise]);
  } catch (error) {
    running.failed = true;
    running.standing = `FAILED: ${reasonOf(error)}`;
  } finally {
    deadline.cancel();
  }
}

function describe(gateway: DemoGateway, phones: readonly RunningPhone[]): string {
  const rows = phones.map(({ plan: { identity, location }, standing }) =>
    [
      identity.macAddress,
      identity.vendor.padEnd(10),
      identity.model.padEnd(14),
      location.padEnd(15),
      standing,
    ].join("  "),
  );
  const users = demoUsers.map(
    ({ upn, displayName, phoneNumber }) =>
      `${upn.padEnd(26)}  ${displayName.padEnd(16)}  ${phoneNumber}`,
  );
  return `
Admin center       ${gateway.adminUrl}
Administrator      token ${gateway.token}
Sign-in page       ${gateway.adminUrl}/devicelogin
Provisioning URL   ${gateway.provisioningUrl}/emea/
SIP                127.0.0.1:${gateway.sipPort}

Phones
${rows.join("\n")}

Users, all with the password ${demoUsers[0]?.password ?? ""}
${users.join("\n")}

All of it is on this machine only, and its data ends with it. Ctrl-C stops the demo.
`;
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

process.exitCode = await main();
