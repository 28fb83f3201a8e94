import { XMLParser, XMLValidator } from "fast-xml-parser";
import { type PageStep, ScreenError, type SeenPage } from "./seen-page.ts";

/** An element: its attributes by `@name`, its text by `#text`, its children by their names. */
type Element = Readonly<Record<string, unknown>>;

const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: "@",
  parseTagValue: false,
  parseAttributeValue: false,
  ignoreDeclaration: true,
  // Every element as an object in a list, so that one is read as many are.
  isArray: (_name, _path, _isLeaf, isAttribute) => !isAttribute,
  alwaysCreateTextNode: true,
});

/** Reads the XML of Yealink's browser. @throws ScreenError */
export function readYealinkPage(text: string): SeenPage {
  const { element, name } = readRoot(text, /^YealinkIPPhone(?:TextMenu|TextScreen|InputScreen)$/);
  const [input] = childrenOf(element, "InputField");
  const url = textOf(element, "URL");
  return {
    ...titleAndText(element),
    keys: keysOf([
      ...childrenOf(element, "MenuItem").map((item) => [textOf(item, "Prompt"), item] as const),
      ...childrenOf(element, "SoftKey").map((key) => [textOf(key, "Label"), key] as const),
    ]),
    field:
      name !== "YealinkIPPhoneInputScreen" || input === undefined
        ? undefined
        : { parameter: textOf(input, "Parameter"), step: { method: "GET", url, values: {} } },
  };
}

/** Reads the XML of Cisco's phones. @throws ScreenError */
export function readCiscoPage(text: string): SeenPage {
  const { element } = readRoot(text, /^CiscoIPPhone(?:Menu|Text|Input)$/);
  const [input] = childrenOf(element, "InputItem");
  const url = textOf(element, "URL");
  const items = [...childrenOf(element, "MenuItem"), ...childrenOf(element, "SoftKeyItem")];
  return {
    ...titleAndText(element),
    keys: keysOf(items.map((item) => [textOf(item, "Name"), item] as const)),
    field:
      input === undefined
        ? undefined
        : {
            parameter: textOf(input, "QueryStringParam"),
            step: { method: "GET", url, values: {} },
          },
  };
}

/** Reads the XHTML of Poly's microbrowser. @throws ScreenError */
export function readPolyPage(text: string): SeenPage {
  const { element } = readRoot(text, /^html$/);
  const [head = {}] = childrenOf(element, "head");
  const [body = {}] = childrenOf(element, "body");
  const paragraphs = childrenOf(body, "p");
  const keys = new Map<string, PageStep>();
  for (const link of paragraphs.flatMap((paragraph) => childrenOf(paragraph, "a"))) {
    keys.set(ownText(link), { method: "GET", url: attributeOf(link, "href"), values: {} });
  }
  const forms = childrenOf(body, "form").map(readForm);
  for (const { submit, step, parameter } of forms) {
    if (parameter === undefined) keys.set(submit, step);
  }
  const asking = forms.find(({ parameter }) => parameter !== undefined);
  return {
    title: textOf(head, "title"),
    lines: paragraphs.map(ownText).filter((line) => line !== ""),
    keys,
    field:
      asking?.parameter === undefined
        ? undefined
        : { parameter: asking.parameter, step: asking.step },
  };
}

function readForm(form: Element) {
  const inputs = childrenOf(form, "p").flatMap((paragraph) => childrenOf(paragraph, "input"));
  const ofType = (type: string) => inputs.filter((input) => attributeOf(input, "type") === type);
  const [typed] = ofType("text");
  const [submit = {}] = ofType("submit");
  const values = Object.fromEntries(
    ofType("hidden").map((input) => [attributeOf(input, "name"), attributeOf(input, "value")]),
  );
  const step: PageStep = { method: "POST", url: attributeOf(form, "action"), values };
  const parameter = typed === undefined ? undefined : attributeOf(typed, "name");
  return { submit: attributeOf(submit, "value"), step, parameter };
}

function readRoot(
  text: string,
  names: RegExp,
): { readonly element: Element; readonly name: string } {
  if (XMLValidator.validate(text) !== true) throw new ScreenError("The page is no XML.");
  const document = parser.parse(text) as Element;
  const name = Object.keys(document).find((key) => names.test(key));
  const element = name === undefined ? undefined : childrenOf(document, name)[0];
  if (name === undefined || element === undefined) {
    throw new ScreenError("The page is none that this phone can show.");
  }
  return { element, name };
}

function titleAndText(element: Element): Pick<SeenPage, "title" | "lines"> {
  const text = textOf(element, "Text");
  return { title: textOf(element, "Title"), lines: text === "" ? [] : text.split("\n") };
}

/** Softkeys and lines of a menu; those that do something in the phone itself have no URL. */
function keysOf(items: readonly (readonly [string, Element])[]): Map<string, PageStep> {
  const keys = new Map<string, PageStep>();
  for (const [label, item] of items) {
    const url = textOf(item, "URI") || textOf(item, "URL");
    if (/^https?:/.test(url)) keys.set(label, { method: "GET", url, values: {} });
  }
  return keys;
}

function childrenOf(element: Element, name: string): readonly Element[] {
  const children = element[name];
  return Array.isArray(children) ? (children as readonly Element[]) : [];
}

function textOf(element: Element, name: string): string {
  const [child] = childrenOf(element, name);
  return child === undefined ? "" : ownText(child);
}

function ownText(element: Element): string {
  return String(element["#text"] ?? "");
}

function attributeOf(element: Element, name: string): string {
  return String(element[`@${name}`] ?? "");
}
