// npm run sipp [-- --store sqlite --transport udp --scenario uac-call --logs FOLDER]
// Plays SIPp's scenarios against a gateway of its own and prints how each went.
import { mkdirSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { AdminClient } from "../../support/admin-client.ts";
import { type StoreKind, startGatewayOn, storeKinds } from "../gateway-on-store.ts";
import { type Play, playScenario } from "./play-scenario.ts";
import { type Scenario, scenarios } from "./scenarios.ts";
import { type SippTransport, sippTransports } from "./sipp-process.ts";
import { Stage } from "./stage.ts";

interface Choice {
  readonly stores: readonly StoreKind[];
  readonly transports: readonly SippTransport[];
  readonly scenarios: readonly Scenario[];
  readonly logs: string;
}

interface Row extends Play {
  readonly store: StoreKind;
  readonly transport: SippTransport;
}

const choice = readChoice(process.argv.slice(2));
if (choice === undefined) {
  process.exitCode = 2;
} else {
  const rows: Row[] = [];
  for (const store of choice.stores) rows.push(...(await playOn(store, choice)));
  const failed = rows.filter((row) => !row.passed).length;
  console.log(`${rows.length - failed} passed, ${failed} failed. SIPp's logs: ${choice.logs}`);
  process.exitCode = failed === 0 ? 0 : 1;
}

function readChoice(arguments_: readonly string[]): Choice | undefined {
  try {
    const { values } = parseArgs({
      args: [...arguments_],
      options: {
        store: { type: "string" },
        transport: { type: "string" },
        scenario: { type: "string" },
        logs: { type: "string", default: "sipp-logs" },
      },
    });
    return {
      stores: chosen("store", storeKinds, values.store, (store) => store),
      transports: chosen("transport", sippTransports, values.transport, (transport) => transport),
      scenarios: chosen("scenario", scenarios, values.scenario, ({ caller }) => caller),
      logs: resolve(values.logs),
    };
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return undefined;
  }
}

function chosen<Item>(
  option: string,
  items: readonly Item[],
  name: string | undefined,
  nameOf: (item: Item) => string,
): readonly Item[] {
  if (name === undefined) return items;
  const found = items.filter((item) => nameOf(item) === name);
  if (found.length > 0) return found;
  throw new Error(`--${option} is ${name}; it may be ${items.map(nameOf).join(", ")}.`);
}

async function playOn(store: StoreKind, { transports, scenarios, logs }: Choice): Promise<Row[]> {
  const rows: Row[] = [];
  const running = await startGatewayOn(store);
  try {
    const { gateway } = running;
    const stage = new Stage(gateway, new AdminClient(gateway));
    for (const transport of transports) {
      const folder = resolve(logs, store);
      mkdirSync(folder, { recursive: true });
      for (const scenario of scenarios) {
        const play = await playScenario(scenario, stage, { transport, folder });
        printRow({ ...play, store, transport });
        rows.push({ ...play, store, transport });
      }
    }
    if (rows.some((row) => !row.passed)) console.log(`The gateway said:\n${gateway.output}`);
  } finally {
    await running.stop();
  }
  return rows;
}

function printRow({ store, transport, scenario, passed, milliseconds, report }: Row): void {
  const time = `${milliseconds} ms`.padStart(8);
  const verdict = passed ? "passed" : "FAILED";
  console.log(`${store.padEnd(6)}  ${transport}  ${scenario.padEnd(28)}  ${verdict}  ${time}`);
  if (!passed) console.log(report.replaceAll(/^/gm, "    "));
}
