import { parseArgs } from "node:util";
import { defaultRegion, isRegionId, type RegionId, regionIds } from "../../domain/region.ts";
import { simulatedVendors } from "../../lab/simulated-phones/phone-models.ts";

/** What `npm run phones` was asked for. */
export interface FleetArguments {
  readonly count: number;
  readonly first: number;
  readonly region: RegionId;
  readonly vendors: typeof simulatedVendors;
  /** Of the region's folder, ending in `/`. */
  readonly provisioningUrl: string;
  readonly adminUrl: string;
  readonly token: string | undefined;
  readonly concurrency: number;
  readonly spreadMilliseconds: number;
  /** Sign users in, and have them call each other. */
  readonly signsIn: boolean;
  /** Stay registered until interrupted. */
  readonly stays: boolean;
}

/** What may be asked for, for people. */
export const fleetUsage = `Takes simulated phones of all vendors through boot, registration, enrolment, sign-in and calls.

  npm run phones -- --count 100 --region emea

  --count N               how many phones; default 4
  --first N               number of the first one, from 1; the same number is the same phone; default 1
  --region NAME           ${regionIds.join(", ")}; default ${defaultRegion}
  --vendor NAME           ${simulatedVendors.join(", ")}; may be given more than once; default all
  --provisioning-url URL  where phones ask; default http://127.0.0.1:8080
  --region-by path|host   the region as a folder of that URL, or as the first name of its host; default path
  --admin-url URL         the admin center; default http://127.0.0.1:8081
  --token TEXT            the administrator's token; default ADMIN_TOKEN, else the one kept in DATA_DIR (./data)
  --concurrency N         phones under way at once; default 25
  --spread MS             milliseconds between the first starts; default 20
  --no-sign-in            leave sign-in and calls out
  --stay                  stay registered until Ctrl-C, then un-register

It enters the phones into the inventory, makes their verification codes, and resets those that were
enrolled before. It enters a user for each phone, phone-<MAC address>@contoso.example, and signs in as the
user on the gateway's own sign-in page; where users sign in elsewhere, sign-in and calls are left out. Point it at your own gateway only: it is load, and its phones take real places.
Exit code: 0 all phones got through, 1 some did not or the gateway refused, 2 wrong arguments.
`;

const options = {
  count: { type: "string", default: "4" },
  first: { type: "string", default: "1" },
  region: { type: "string", default: defaultRegion },
  vendor: { type: "string", multiple: true },
  "provisioning-url": { type: "string", default: "http://127.0.0.1:8080" },
  "region-by": { type: "string", default: "path" },
  "admin-url": { type: "string", default: "http://127.0.0.1:8081" },
  token: { type: "string" },
  concurrency: { type: "string", default: "25" },
  spread: { type: "string", default: "20" },
  "no-sign-in": { type: "boolean", default: false },
  stay: { type: "boolean", default: false },
  help: { type: "boolean", default: false },
} as const;

/** @returns what was asked for; `help`; or one line that says what is wrong with it */
export function readFleetArguments(
  args: readonly string[],
):
  | { readonly ok: true; readonly value: FleetArguments | "help" }
  | { readonly ok: false; readonly fault: string } {
  try {
    const { values } = parseArgs({ args: [...args], options });
    return { ok: true, value: values.help ? "help" : readValues(values) };
  } catch (error) {
    return { ok: false, fault: error instanceof Error ? error.message : String(error) };
  }
}

type Values = ReturnType<typeof parseArgs<{ options: typeof options }>>["values"];

/** @throws RangeError that says what an argument may be */
function readValues(values: Values): FleetArguments {
  const { region } = values;
  if (!isRegionId(region)) throw new RangeError(`--region is one of ${regionIds.join(", ")}.`);
  const provisioning = readUrl(values["provisioning-url"], "--provisioning-url");
  return {
    count: readNumber(values.count, "--count", 1, 100_000),
    first: readNumber(values.first, "--first", 1, 16_000_000),
    region,
    vendors: readVendors(values.vendor),
    provisioningUrl: regionUrl(provisioning, region, values["region-by"]),
    adminUrl: readUrl(values["admin-url"], "--admin-url").href,
    token: values.token,
    concurrency: readNumber(values.concurrency, "--concurrency", 1, 1000),
    spreadMilliseconds: readNumber(values.spread, "--spread", 0, 60_000),
    signsIn: !values["no-sign-in"],
    stays: values.stay,
  };
}

function readNumber(text: string, name: string, least: number, most: number): number {
  const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw new RangeError(`${name} is a number from ${least} to ${most}.`);
}

function readVendors(names: readonly string[] | undefined): typeof simulatedVendors {
  if (names === undefined) return simulatedVendors;
  return names.map((name) => {
    const vendor = simulatedVendors.find((known) => known === name.toLowerCase());
    if (vendor !== undefined) return vendor;
    throw new RangeError(`--vendor is one of ${simulatedVendors.join(", ")}.`);
  });
}

function readUrl(text: string, name: string): URL {
  const isUrl = URL.canParse(text) && /^https?:/.test(text);
  if (!isUrl) throw new RangeError(`${name} is a URL such as http://127.0.0.1:8080.`);
  return new URL(text);
}

/** `http://HOST/emea/`, or `http://emea.HOST/`; in front of a loopback address stands `localhost`. */
function regionUrl(base: URL, region: RegionId, style: string): string {
  if (style === "path") return new URL(`${region}/`, `${base.origin}/`).href;
  if (style !== "host") throw new RangeError("--region-by is path or host.");
  const host = /^(?:127\.|\[::1\])/.test(base.hostname) ? "localhost" : base.hostname;
  if (/^\[|^[\d.]+$/.test(host)) {
    throw new RangeError("--region-by host needs a host name in --provisioning-url.");
  }
  return `${base.protocol}//${region}.${host}${base.port === "" ? "" : `:${base.port}`}/`;
}
