import { escapeUTF8 } from "entities";
import { lineValue, type Setting } from "./setting-lines.ts";

/** First line of every XML file. */
export const xmlDeclaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

/** An element without content whose attributes are the settings, as in Poly's files. */
export function attributeElement(name: string, settings: readonly Setting[]): string {
  let text = `<${name}`;
  for (const [setting, value] of settings) {
    if (value !== undefined) text += `\n  ${setting}="${xmlValue(value)}"`;
  }
  return `${text}\n/>\n`;
}

/** One element for each setting with the settings' values as text, as in Cisco's flat profile. */
export function textElements(settings: readonly Setting[], attributes: string): string {
  let text = "";
  for (const [name, value] of settings) {
    if (value !== undefined) text += `<${name}${attributes}>${xmlValue(value)}</${name}>\n`;
  }
  return text;
}

/** A comment; what would end it early is taken apart (XML 1.0 §2.5). */
export function xmlComment(text: string): string {
  return `<!-- ${lineValue(text).replaceAll(/-(?=-)/g, "- ")} -->\n`;
}

/**
 * One line of text for an element or an attribute: {@link lineValue}, escaped, without the two
 * characters that it lets pass and XML 1.0 §2.2 forbids.
 */
export function xmlValue(value: string | number | boolean): string {
  return escapeUTF8(lineValue(value).replaceAll(/[\ufffe\uffff]/g, ""));
}
