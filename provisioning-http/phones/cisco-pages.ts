import type { PageAction, PageRenderer, PageTarget } from "../phone-page.ts";
import { xmlDeclaration, xmlValue } from "./xml-settings.ts";

type UrlOf = (target: PageTarget) => string;

/** Longer ones make some phones refuse the whole page. */
const longestName = 32;

/** Pages in the XML of Cisco's phones (Cisco IP Phone Services Application Development Notes: Menu, Text, Input). */
export const ciscoPages: PageRenderer = {
  contentType: "text/xml; charset=utf-8",

  render(page, urlOf) {
    const title = `<Title>${name(page.title)}</Title>\n`;
    switch (page.kind) {
      case "menu":
        return object("CiscoIPPhoneMenu", [
          title,
          ...page.actions.map(
            ({ label, target }) =>
              `<MenuItem><Name>${name(label)}</Name><URL>${uri(target, urlOf)}</URL></MenuItem>\n`,
          ),
        ]);
      case "text":
        return object("CiscoIPPhoneText", [
          title,
          `<Text>${page.lines.map(xmlValue).join("\n")}</Text>\n`,
          ...page.actions.map((action, index) => softKey(action, index + 1, urlOf)),
        ]);
      case "input":
        // The phone puts what was typed behind the URL: `?code=123456`. N: digits only.
        return object("CiscoIPPhoneInput", [
          title,
          `<Prompt>${name(page.label)}</Prompt>\n<URL>${uri(page.target, urlOf)}</URL>\n`,
          `<InputItem>\n<DisplayName>${name(page.label)}</DisplayName>\n`,
          `<QueryStringParam>${page.parameter}</QueryStringParam>\n`,
          "<DefaultValue></DefaultValue>\n<InputFlags>N</InputFlags>\n</InputItem>\n",
        ]);
    }
  },
};

function object(element: string, content: readonly string[]): string {
  return `${xmlDeclaration}<${element}>\n${content.join("")}</${element}>\n`;
}

function softKey({ label, target }: PageAction, position: number, urlOf: UrlOf): string {
  return `<SoftKeyItem><Name>${name(label)}</Name><URL>${uri(target, urlOf)}</URL><Position>${position}</Position></SoftKeyItem>\n`;
}

function name(text: string): string {
  return xmlValue([...text].slice(0, longestName).join(""));
}

function uri(target: PageAction["target"], urlOf: UrlOf): string {
  return target === "exit" ? "SoftKey:Exit" : xmlValue(urlOf(target));
}
