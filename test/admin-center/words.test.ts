import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { languages } from "../../admin-center/src/words/languages.ts";
import { projectRoot } from "../support/gateway-process.ts";

type Words = { readonly [key: string]: string | Words };

const source = join(projectRoot, "admin-center", "src");
const pluralForm = /_(zero|one|two|few|many|other)$/;
const english = wordsOf("en");
const others = Object.keys(languages).filter((language) => language !== "en");

describe.each(others)("the words of the admin center in %s", (language) => {
  const words = wordsOf(language);

  test("are all there, in the plural forms that the language has, and no others", () => {
    expect([...words.keys()].toSorted()).toEqual(expectedKeys(language));
  });

  test("leave the same gaps for what is filled in", () => {
    for (const [key, text] of words) {
      const inEnglish = english.get(key) ?? english.get(key.replace(pluralForm, "_other")) ?? "";
      expect({ key, gaps: gapsOf(key, text) }).toEqual({ key, gaps: gapsOf(key, inEnglish) });
    }
  });

  test("are words", () => {
    for (const [key, text] of words)
      expect({ key, text: text.trim() }).not.toEqual({ key, text: "" });
  });
});

describe("the words of the admin center", () => {
  const files = sourceFiles().map((path) => readFileSync(path, "utf8"));
  const known = new Set([...english.keys()].map((key) => key.replace(pluralForm, "")));

  test("have all that the page asks for by name", () => {
    const asked = files.flatMap((text) =>
      [...text.matchAll(/\bt\(\s*"([\w.-]+)"/g)].map(([, key]) => key),
    );
    expect(asked.filter((key) => key !== undefined && !known.has(key))).toEqual([]);
  });

  test("have none that the page never asks for", () => {
    const named = new Set(
      files.flatMap((text) => [...text.matchAll(/"([\w.-]+)"/g)].map(([, key]) => key)),
    );
    const patterns = files.flatMap((text) =>
      [...text.matchAll(/`((?:[\w.-]|\$\{(?:[^{}`]|\{[^{}]*\})*\})+)`/g)].map(([, key = ""]) =>
        patternOf(key),
      ),
    );
    const unused = [...known].filter(
      (key) => !named.has(key) && !patterns.some((pattern) => pattern.test(key)),
    );
    expect(unused).toEqual([]);
  });
});

/** All words of a language, by their whole key: `devices.filter.all`. */
function wordsOf(language: string): ReadonlyMap<string, string> {
  const path = join(source, "words", `${language}.json`);
  return new Map(flatten(JSON.parse(readFileSync(path, "utf8")) as Words, ""));
}

function flatten(words: Words, prefix: string): [string, string][] {
  return Object.entries(words).flatMap(([key, value]) =>
    typeof value === "string"
      ? [[`${prefix}${key}`, value] as [string, string]]
      : flatten(value, `${prefix}${key}.`),
  );
}

/** English has `_one` and `_other`; another language has what `Intl.PluralRules` tells of it. */
function expectedKeys(language: string): readonly string[] {
  const { pluralCategories } = new Intl.PluralRules(language).resolvedOptions();
  const keys = [...english.keys()].flatMap((key) => {
    if (key.endsWith("_one")) return [];
    if (!key.endsWith("_other")) return [key];
    return pluralCategories.map((form) => key.replace(pluralForm, `_${form}`));
  });
  return keys.toSorted();
}

function gapsOf(key: string, text: string): readonly string[] {
  const gaps = [...text.matchAll(/\{\{[^}]*\}\}/g)].map(([gap]) => gap).toSorted();
  // A form for one may leave the number out: "The line has ended".
  return key.endsWith("_one") ? gaps.filter((gap) => !gap.startsWith("{{count")) : gaps;
}

/** A template's gaps stand for one step of a key, or for its beginning. */
function patternOf(template: string): RegExp {
  const steps = template.split(/\$\{(?:[^{}`]|\{[^{}]*\})*\}/);
  const escaped = steps.map((step) => step.replaceAll(/[.\\]/g, "\\$&"));
  return new RegExp(`^${escaped.join("[\\w.-]+")}$`);
}

function sourceFiles(): readonly string[] {
  const entries = readdirSync(source, { recursive: true, encoding: "utf8" });
  return entries.filter((name) => /\.tsx?$/.test(name)).map((name) => join(source, name));
}
