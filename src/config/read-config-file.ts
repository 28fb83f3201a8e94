import { readFileSync, statSync } from "node:fs";
import { parseDocument } from "yaml";
import { nearestName } from "./nearest-name.ts";

/** What a configuration file holds, as texts by key, and what is wrong with it. */
export interface ConfigFile {
  readonly texts: ReadonlyMap<string, string>;
  readonly faults: readonly string[];
}

const mostBytes = 1024 * 1024;

/**
 * Reads the YAML file that `GATEWAY_CONFIG` names. One level of nesting is the same as camelCase:
 * `trunk: { uri: … }` is `trunkUri`.
 * @param known the keys there are
 */
export function readConfigFile(path: string, known: readonly string[]): ConfigFile {
  const faults: string[] = [];
  const texts = new Map<string, string>();
  for (const [key, value] of entriesOf(path, faults)) {
    if (!known.includes(key)) {
      const nearest = nearestName(key, known);
      faults.push(
        `GATEWAY_CONFIG: ${path} has the unknown key ${quote(key)}; nearest: ${nearest}.`,
      );
    } else if (texts.has(key)) {
      faults.push(`GATEWAY_CONFIG: ${path} has the key ${quote(key)} twice.`);
    } else if (isScalar(value)) {
      texts.set(key, String(value));
    } else if (value !== null) {
      faults.push(`GATEWAY_CONFIG: ${path}: ${key} holds a list or a map; it may be one value.`);
    }
  }
  return { texts, faults };
}

function entriesOf(path: string, faults: string[]): [string, unknown][] {
  const content = parseFile(path, faults);
  if (content === undefined || content === null) return [];
  if (!isMap(content)) {
    faults.push(`GATEWAY_CONFIG: ${path} holds no map; it may be lines of key: value.`);
    return [];
  }
  return Object.entries(content).flatMap(([key, value]) =>
    isMap(value)
      ? Object.entries(value).map(([inner, innerValue]): [string, unknown] => [
          key + inner.slice(0, 1).toUpperCase() + inner.slice(1),
          innerValue,
        ])
      : [[key, value] satisfies [string, unknown]],
  );
}

function parseFile(path: string, faults: string[]): unknown {
  try {
    if (statSync(path).size > mostBytes) {
      faults.push(`GATEWAY_CONFIG: ${path} is larger than 1 MiB.`);
      return undefined;
    }
    const document = parseDocument(readFileSync(path, "utf8"), { prettyErrors: false });
    const fault = document.errors[0];
    if (fault === undefined) return document.toJS({ maxAliasCount: 10 });
    // Neither the error's message nor the line: they would repeat what may be a secret.
    faults.push(`GATEWAY_CONFIG: ${path} is no YAML (${fault.code} at character ${fault.pos[0]}).`);
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : "not readable";
    faults.push(`GATEWAY_CONFIG: ${path} cannot be read (${code}); it may be a YAML file.`);
  }
  return undefined;
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isScalar(value: unknown): boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

function quote(key: string): string {
  return JSON.stringify(key.slice(0, 64));
}
