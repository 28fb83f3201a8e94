import { XMLParser, XMLValidator } from "fast-xml-parser";
import { ConfigurationError } from "./phone-settings.ts";

/** An element as the parser's ordered form has it: its name is the one key that is not `:@`. */
type OrderedNode = Readonly<Record<string, unknown>>;

const attributesKey = ":@";
const textKey = "#text";

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: "",
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: true,
});

/**
 * Reads a Poly file: the attributes of every element, at any depth, are settings.
 * @throws ConfigurationError when it is no XML
 */
export function readPolyFile(text: string): Map<string, string> {
  const settings = new Map<string, string>();
  collectAttributes(parse(text), settings);
  return settings;
}

/**
 * Reads a Cisco flat profile: each element's text is a setting; of two of one name the last wins.
 * @throws ConfigurationError when it is no XML or has no `<flat-profile>`
 */
export function readFlatProfile(text: string): Map<string, string> {
  const profile = parse(text).find((node) => "flat-profile" in node)?.["flat-profile"];
  if (!isNodes(profile))
    throw new ConfigurationError("A Cisco file has a <flat-profile>; this one has none.");
  const settings = new Map<string, string>();
  for (const node of profile) {
    const name = nameOf(node);
    if (name !== undefined) settings.set(name, textOf(node[name]));
  }
  return settings;
}

function parse(text: string): readonly OrderedNode[] {
  const validity = XMLValidator.validate(text);
  if (validity !== true) {
    throw new ConfigurationError(
      `The file is no XML: ${validity.err.msg} (line ${validity.err.line}).`,
    );
  }
  const document: unknown = parser.parse(text);
  return isNodes(document) ? document : [];
}

function collectAttributes(nodes: readonly OrderedNode[], settings: Map<string, string>): void {
  for (const node of nodes) {
    const name = nameOf(node);
    if (name === undefined || name.startsWith("?")) continue;
    for (const [attribute, value] of Object.entries(node[attributesKey] ?? {})) {
      settings.set(attribute, String(value));
    }
    const children = node[name];
    if (isNodes(children)) collectAttributes(children, settings);
  }
}

function nameOf(node: OrderedNode): string | undefined {
  return Object.keys(node).find((key) => key !== attributesKey && key !== textKey);
}

function textOf(children: unknown): string {
  if (!isNodes(children)) return "";
  return children.map((child) => String(child[textKey] ?? "")).join("");
}

function isNodes(value: unknown): value is readonly OrderedNode[] {
  return Array.isArray(value);
}
