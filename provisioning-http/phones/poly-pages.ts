import type { PageAction, PageRenderer, PageTarget } from "../phone-page.ts";
import { xmlDeclaration, xmlValue } from "./xml-settings.ts";

type UrlOf = (target: PageTarget) => string;

/**
 * Pages in the XHTML that the microbrowser of Poly's phones knows (Web Application Developer's Guide
 * for Polycom Phones: paragraphs, links, forms). The phone's own softkeys leave a page.
 */
export const polyPages: PageRenderer = {
  contentType: "text/html; charset=utf-8",

  render(page, urlOf) {
    switch (page.kind) {
      case "menu":
        return document(page.title, page.actions.map((one) => action(one, urlOf)).join(""));
      case "text": {
        const lines = page.lines.map((line) => `<p>${xmlValue(line)}</p>\n`);
        const actions = page.actions.map((one) => action(one, urlOf));
        return document(page.title, lines.concat(actions).join(""));
      }
      case "input": {
        const field = `${xmlValue(page.label)} <input type="text" name="${page.parameter}" value=""/>`;
        return document(page.title, form(page.target, field, "OK", urlOf));
      }
    }
  },
};

function document(title: string, body: string): string {
  const heading = xmlValue(title);
  return `${xmlDeclaration}<html xmlns="http://www.w3.org/1999/xhtml">
<head>
<title>${heading}</title>
</head>
<body>
<p><b>${heading}</b></p>
${body}</body>
</html>
`;
}

function action({ label, target }: PageAction, urlOf: UrlOf): string {
  if (target === "exit") return "";
  if (target.changes !== true) {
    return `<p><a href="${xmlValue(urlOf(target))}">${xmlValue(label)}</a></p>\n`;
  }
  const values = Object.entries(target.values ?? {})
    .map(([name, value]) => `<input type="hidden" name="${name}" value="${xmlValue(value)}"/>`)
    .join("");
  return form(target, values, label, urlOf);
}

/** The form's values go into its body, not into the URL. */
function form(target: PageTarget, fields: string, submit: string, urlOf: UrlOf): string {
  const url = xmlValue(urlOf({ page: target.page }));
  return `<form method="post" action="${url}"><p>${fields} <input type="submit" value="${xmlValue(submit)}"/></p></form>\n`;
}
