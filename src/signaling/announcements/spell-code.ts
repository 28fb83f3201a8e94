import type { Utterance } from "./spoken-words.ts";

const pauses = { beforeFirst: 500, betweenCharacters: 350, betweenGroups: 900, beforeAgain: 1200 };

/** A pairing code is short; more of it nobody could write down. */
const mostCharacters = 32;

/**
 * What says a pairing code, twice, slowly enough to be written down: its letters by the spelling
 * alphabet, its digits, and a longer pause where it has a hyphen or a space.
 * @returns undefined for a code that cannot be spoken: it is too long, or has a character without a word
 */
export function spellCode(code: string): readonly Utterance[] | undefined {
  if (code.length > mostCharacters || !/^[a-z0-9 -]*[a-z0-9][a-z0-9 -]*$/i.test(code)) {
    return undefined;
  }
  const spelled = [...code.toLowerCase()].flatMap((character): Utterance[] =>
    character === " " || character === "-"
      ? [pauses.betweenGroups]
      : [pauses.betweenCharacters, character],
  );
  return [
    pauses.beforeFirst,
    ...["your-pairing-code-is", ...spelled, pauses.beforeAgain],
    ...["once-more", ...spelled, pauses.beforeAgain],
    "goodbye",
  ];
}
