import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { readAdminToken } from "../config/admin-token.ts";
import { SippUsersError, writeSippUsers } from "./write-sipp-users.ts";

const usage = `Makes signed-in sample users in a running gateway (LAB=true) and writes a SIPp injection file.

  npm run sipp:users -- --count 50000 --out users.csv

  --count N     how many users, from 1 to 9999999
  --out FILE    the file to write
  --url URL     the admin center; default http://127.0.0.1:8081
  --token TEXT  the administrator's token; default ADMIN_TOKEN, else the one kept in DATA_DIR (./data)
`;

/** @returns the process's exit code: 0 done, 1 the gateway refused, 2 wrong arguments */
async function main(): Promise<number> {
  const values = readArguments();
  if (typeof values === "string") {
    process.stderr.write(`${values}\n\n${usage}`);
    return 2;
  }
  try {
    await writeSippUsers(values);
  } catch (error) {
    if (!(error instanceof SippUsersError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
  process.stdout.write(`${values.count} sample users are signed in; ${values.out} names them.\n`);
  return 0;
}

function readArguments() {
  const options = {
    count: { type: "string" },
    out: { type: "string" },
    url: { type: "string", default: "http://127.0.0.1:8081" },
    token: { type: "string" },
  } as const;
  let values: ReturnType<typeof parseArgs<{ options: typeof options }>>["values"];
  try {
    ({ values } = parseArgs({ options }));
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  const { count = "", out, url } = values;
  if (!/^[1-9][0-9]{0,6}$/.test(count)) return "--count is a number from 1 to 9999999.";
  if (out === undefined || out === "") return "--out names the file to write.";
  if (!URL.canParse(url)) return "--url is a URL such as http://127.0.0.1:8081.";
  const token = values.token ?? process.env.ADMIN_TOKEN ?? keptToken();
  if (token === undefined) return "No token is known; give it by --token or ADMIN_TOKEN.";
  return { count: Number(count), out, url, token };
}

function keptToken(): string | undefined {
  return readAdminToken(resolve(process.env.DATA_DIR ?? "data"));
}

process.exitCode = await main();
