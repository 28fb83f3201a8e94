import type { PageAction, PageRenderer, PageTarget } from "../phone-page.ts";
import { xmlDeclaration, xmlValue } from "./xml-settings.ts";

type UrlOf = (target: PageTarget) => string;

/** Stays until somebody leaves it, and makes no sound. */
const attributes = 'Beep="no" Timeout="0"';

/** Pages in the XML of Yealink's browser (Yealink's XML Browser Developer's Guide: TextMenu, TextScreen, InputScreen). */
export const yealinkPages: PageRenderer = {
  contentType: "text/xml; charset=utf-8",

  render(page, urlOf) {
    const title = `<Title wrap="yes">${xmlValue(page.title)}</Title>\n`;
    switch (page.kind) {
      case "menu":
        return screen("YealinkIPPhoneTextMenu", 'style="none"', [
          title,
          ...page.actions.map(
            ({ label, target }) =>
              `<MenuItem><Prompt>${xmlValue(label)}</Prompt><URI>${uri(target, urlOf)}</URI></MenuItem>\n`,
          ),
        ]);
      case "text":
        return screen("YealinkIPPhoneTextScreen", 'destroyOnExit="yes"', [
          title,
          `<Text>${page.lines.map(xmlValue).join("\n")}</Text>\n`,
          ...page.actions.map((action, index) => softKey(action, index + 1, urlOf)),
        ]);
      case "input":
        // The phone puts what was typed behind the URL: `?code=123456`.
        return screen("YealinkIPPhoneInputScreen", 'destroyOnExit="yes"', [
          title,
          `<URL>${uri(page.target, urlOf)}</URL>\n`,
          '<InputField type="number" password="no" editable="yes">\n',
          `<Prompt>${xmlValue(page.label)}</Prompt>\n`,
          `<Parameter>${page.parameter}</Parameter>\n<Default></Default>\n</InputField>\n`,
        ]);
    }
  },
};

function screen(name: string, more: string, content: readonly string[]): string {
  return `${xmlDeclaration}<${name} ${attributes} ${more}>\n${content.join("")}</${name}>\n`;
}

function softKey({ label, target }: PageAction, index: number, urlOf: UrlOf): string {
  return `<SoftKey index="${index}"><Label>${xmlValue(label)}</Label><URI>${uri(target, urlOf)}</URI></SoftKey>\n`;
}

function uri(target: PageAction["target"], urlOf: UrlOf): string {
  return target === "exit" ? "SoftKey:Exit" : xmlValue(urlOf(target));
}
