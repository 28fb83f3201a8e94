// node scripts/make-spoken-words.mjs: speaks every word that callers are told, into
// src/signaling/announcements/words/. Needs espeak-ng and sox (Debian: apt-get install espeak-ng sox).
// The README.md there says what the files are. Run again only to change a word or the voice.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const folder = join(
  dirname(dirname(fileURLToPath(import.meta.url))),
  "src/signaling/announcements/words",
);
const voice = "en-us";
const wordsPerMinute = 150;

/** File name without its extension, and what is said. Letters: the ICAO spelling alphabet. */
const spoken = {
  a: "Alfa",
  b: "Bravo",
  c: "Charlie",
  d: "Delta",
  e: "Echo",
  f: "Foxtrot",
  g: "Golf",
  h: "Hotel",
  i: "India",
  j: "Juliett",
  k: "Kilo",
  l: "Lima",
  m: "Mike",
  n: "November",
  o: "Oscar",
  p: "Papa",
  q: "Quebec",
  r: "Romeo",
  s: "Sierra",
  t: "Tango",
  u: "Uniform",
  v: "Victor",
  w: "Whiskey",
  x: "X-ray",
  y: "Yankee",
  z: "Zulu",
  0: "zero",
  1: "one",
  2: "two",
  3: "three",
  4: "four",
  5: "five",
  6: "six",
  7: "seven",
  8: "eight",
  9: "nine",
  "your-pairing-code-is": "Your pairing code is",
  "once-more": "Once more",
  goodbye: "Goodbye",
};

const work = mkdtempSync(join(tmpdir(), "spoken-words-"));
try {
  for (const [name, text] of Object.entries(spoken)) {
    const speech = join(work, "speech.wav");
    run("espeak-ng", ["-v", voice, "-s", String(wordsPerMinute), "-w", speech, text]);
    // No dither, so that the same speech gives the same bytes; silence is cut off at both ends.
    const trim = ["silence", "1", "0.01", "0.2%", "reverse"];
    const encoding = ["-t", "raw", "-r", "8000", "-c", "1", "-e", "mu-law", "-b", "8"];
    const effects = ["rate", "8000", ...trim, ...trim, "norm", "-4"];
    run("sox", ["-D", speech, ...encoding, join(folder, `${name}.ulaw`), ...effects]);
  }
} finally {
  rmSync(work, { recursive: true });
}

function run(program, options) {
  const { status, error, stderr } = spawnSync(program, options, { encoding: "utf8" });
  if (status !== 0) throw new Error(`${program} failed: ${error?.message ?? stderr}`);
}
