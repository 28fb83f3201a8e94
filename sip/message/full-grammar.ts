import { Grammar } from "sip.js/lib/grammar/index.js";
import { SipParseError } from "./sip-parse-error.ts";

/** What the grammar is asked to read at most: it costs about 3 µs a character, whoever sent it. */
const longestValue = 512;
/** How many elements of one list it is asked about, for the same reason. */
const mostOfList = 4;

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

/**
 * Reads each element of a list: by `scan`, and by `byGrammar` what that does not recognise.
 *
 * @throws SipParseError as `byGrammar` does, and when too many elements are of an unusual shape.
 */
export function readList<T>(
  elements: readonly string[],
  scan: (value: string) => T | undefined,
  byGrammar: (value: string) => T,
): T[] {
  let unusual = 0;
  return elements.map((element) => {
    const scanned = scan(element);
    if (scanned !== undefined) return scanned;
    unusual++;
    if (unusual > mostOfList)
      throw new SipParseError("list", "too many elements of an unusual shape");
    return byGrammar(element);
  });
}
