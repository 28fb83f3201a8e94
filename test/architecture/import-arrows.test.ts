import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");

/** Which of our own folders each folder may import (ARCHITECTURE.md, "Arrows"). */
const arrows: Record<string, readonly string[]> = {
  sip: ["sip"],
  "provisioning-http": ["provisioning-http"],
  "src/domain": ["src/domain"],
  "src/signaling": ["src/signaling", "sip", "src/domain"],
  "src/provisioning": ["src/provisioning", "provisioning-http", "src/domain"],
  "src/stores": ["src/stores", "src/domain"],
  "src/admin-api": ["src/admin-api", "src/domain"],
  "src/identity": ["src/identity", "src/domain"],
  "src/observability": ["src/observability", "src/domain"],
  "src/lab": ["src/lab", "src/domain", "sip", "provisioning-http"],
  // A command is a program of its own and chooses its clock.
  "src/cli": ["src/cli", "src/domain", "src/lab", "src/config", "sip"],
  "src/config": ["src/config"],
  // It talks to the gateway over HTTP only.
  "admin-center": ["admin-center"],
};

/** Packages that only one place may import. */
const keptTo: Record<string, string> = {
  "sip.js": "sip/message",
  ioredis: "src/stores",
  "node:sqlite": "src/stores",
};

/** Who constructs and connects; nobody else imports across. */
const wiring = new Set(["src/main.ts", "src/wiring"]);

interface Import {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

function sourceFiles(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join("/"));
}

function importsOf(file: string): Import[] {
  const text = readFileSync(join(root, file), "utf8");
  const specifiers = [...text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*"([^"]+)"/g)];
  return specifiers.map(([, specifier = ""]) => ({
    file,
    from: roomOf(file),
    to: specifier.startsWith(".")
      ? roomOf(join(dirname(file), specifier).split(sep).join("/"))
      : specifier,
  }));
}

function roomOf(file: string): string {
  const parts = file.split("/");
  if (parts[0] !== "src") return parts[0] ?? "";
  return parts.length > 2 ? `src/${parts[1]}` : file.replace(/^src\/config\.ts$/, "src/config");
}

const imports = ["sip", "provisioning-http", "src", "admin-center/src"]
  .flatMap(sourceFiles)
  .flatMap(importsOf);
const ours = imports.filter((one) =>
  /^(sip|provisioning-http|admin-center|test|bench|src(\/.*)?)$/.test(one.to),
);

describe("import arrows", () => {
  it("finds the project's imports", () => {
    expect(ours.length).toBeGreaterThan(50);
  });

  it("only main.ts and wiring import across all rooms", () => {
    const wrong = ours.filter(
      (one) => !wiring.has(one.from) && !(arrows[one.from] ?? []).includes(one.to),
    );
    expect(wrong.map((one) => `${one.file} imports ${one.to}`)).toEqual([]);
  });

  it("wiring is imported by main.ts alone", () => {
    const wrong = ours.filter((one) => one.to === "src/wiring" && !wiring.has(one.from));
    expect(wrong.map((one) => one.file)).toEqual([]);
  });

  it.each(Object.entries(keptTo))("%s is imported by %s alone", (name, place) => {
    const wrong = imports.filter(
      (one) => (one.to === name || one.to.startsWith(`${name}/`)) && !one.file.startsWith(place),
    );
    expect(wrong.map((one) => one.file)).toEqual([]);
  });

  it("time comes from the Clock", () => {
    const wrong = ["sip", "provisioning-http", "src"]
      .flatMap(sourceFiles)
      .filter((file) => file !== "sip/clock.ts")
      .filter((file) =>
        /\b(Date\.now|setTimeout|setInterval)\(|new Date\(\)/.test(
          readFileSync(join(root, file), "utf8"),
        ),
      );
    expect(wrong).toEqual([]);
  });
});
