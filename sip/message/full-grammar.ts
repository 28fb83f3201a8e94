import { Grammar } from "sip.js/lib/grammar/index.js";

/** What the grammar is asked to read at most: it costs about 0.1 ms a header, and more on long ones. */
const longestValue = 8192;

/** The rules of sip.js' RFC 3261 grammar that are used here. */
export type GrammarRule = "SIP_URI" | "From" | "Via";

/**
 * The full grammar of RFC 3261 §25 (sip.js'), for values that the scanners do not recognise.
 *
 * @returns what the grammar's actions collected, or undefined when it refuses the value.
 */
export function parseByGrammar(value: string, rule: GrammarRule): unknown {
  if (value.length > longestValue) return undefined;
  const result: unknown = Grammar.parse(value, rule);
  return result === -1 ? undefined : result;
}
