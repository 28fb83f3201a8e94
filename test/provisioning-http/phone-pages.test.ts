import fc from "fast-check";
import { XMLParser, XMLValidator } from "fast-xml-parser";
import { describe, expect, test } from "vitest";
import type { PageTarget, PhonePage } from "../../provisioning-http/phone-page.ts";
import { pageRenderers } from "../../provisioning-http/phones/page-renderers.ts";
import {
  pageUrl,
  readScreenPath,
  type ScreenPath,
  screenVendors,
} from "../../provisioning-http/screen-path.ts";

const path: ScreenPath = {
  secret: "n3xt-s3cret",
  vendor: "yealink",
  mac: "805ec0aabbcc",
  page: "menu",
};
const folder = "http://192.0.2.10:8080/device/n3xt-s3cret/screen/yealink/805ec0aabbcc/";
const urlOf = (target: PageTarget) => pageUrl("http://192.0.2.10:8080", path, target);
const hostile = "Zoë\u202e<b>&\"'\u0000\r\n]]>\ufffe\u0085</Text><Menu/>";
const seen = "Zoë <b>&\"' ]]> </Text><Menu/>";

const menu: PhonePage = {
  kind: "menu",
  title: hostile,
  actions: [
    { label: hostile, target: { page: "sign-in" } },
    { label: "Exit", target: "exit" },
  ],
};
const text: PhonePage = {
  kind: "text",
  title: "Sign out",
  lines: [hostile, "Sure?"],
  actions: [
    { label: "Yes", target: { page: "sign-out", values: { confirm: 'a&b"' }, changes: true } },
  ],
  refresh: { seconds: 10, target: { page: "sign-in", values: { id: "1" } } },
};
const input: PhonePage = {
  kind: "input",
  title: "Provision",
  label: hostile,
  parameter: "code",
  target: { page: "provision", changes: true },
};

/** The page's elements by name, their texts and attributes as a phone reads them. */
function read(xml: string): Record<string, unknown> {
  expect(XMLValidator.validate(xml)).toBe(true);
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: "@",
    parseTagValue: false,
    ignoreDeclaration: true,
  });
  return parser.parse(xml) as Record<string, unknown>;
}

describe("a page for Yealink's XML browser", () => {
  const { render } = pageRenderers.yealink;

  test("a menu", () => {
    expect(read(render(menu, urlOf))).toEqual({
      YealinkIPPhoneTextMenu: expect.objectContaining({
        Title: { "#text": seen, "@wrap": "yes" },
        MenuItem: [
          { Prompt: seen, URI: `${folder}sign-in` },
          { Prompt: "Exit", URI: "SoftKey:Exit" },
        ],
      }),
    });
  });

  test("a text with softkeys", () => {
    expect(read(render(text, urlOf))).toEqual({
      YealinkIPPhoneTextScreen: expect.objectContaining({
        Text: `${seen}\nSure?`,
        SoftKey: {
          "@index": "1",
          Label: "Yes",
          URI: `${folder}sign-out?confirm=a%26b%22`,
        },
      }),
    });
  });

  test("a field for digits, whose value the phone puts behind the URL", () => {
    expect(read(render(input, urlOf))).toEqual({
      YealinkIPPhoneInputScreen: expect.objectContaining({
        URL: `${folder}provision`,
        InputField: expect.objectContaining({
          "@type": "number",
          Prompt: seen,
          Parameter: "code",
        }),
      }),
    });
  });
});

describe("a page for Cisco's phones", () => {
  const { render } = pageRenderers.cisco;
  const cut = [...seen].slice(0, 32).join("");

  test("a menu, its names no longer than the phones take", () => {
    expect(read(render({ ...menu, title: "x".repeat(40) }, urlOf))).toEqual({
      CiscoIPPhoneMenu: {
        Title: "x".repeat(32),
        MenuItem: [
          { Name: cut, URL: `${folder}sign-in` },
          { Name: "Exit", URL: "SoftKey:Exit" },
        ],
      },
    });
  });

  test("a text with softkeys", () => {
    expect(read(render(text, urlOf))).toEqual({
      CiscoIPPhoneText: {
        Title: "Sign out",
        Text: `${seen}\nSure?`,
        SoftKeyItem: {
          Name: "Yes",
          URL: `${folder}sign-out?confirm=a%26b%22`,
          Position: "1",
        },
      },
    });
  });

  test("a field for digits, whose value the phone puts behind the URL", () => {
    expect(read(render({ ...input, label: "Code:" }, urlOf))).toEqual({
      CiscoIPPhoneInput: {
        Title: "Provision",
        Prompt: "Code:",
        URL: `${folder}provision`,
        InputItem: {
          DisplayName: "Code:",
          QueryStringParam: "code",
          DefaultValue: "",
          InputFlags: "N",
        },
      },
    });
  });
});

describe("a page for Poly's microbrowser", () => {
  const { render } = pageRenderers.poly;

  test("a menu is a list of links; the phone's own softkeys leave it", () => {
    const page = read(render(menu, urlOf)) as { html: { head: object; body: { p: unknown } } };
    expect(page.html.head).toEqual({ title: seen });
    expect(page.html.body.p).toEqual([
      { b: seen },
      { a: { "#text": seen, "@href": `${folder}sign-in` } },
    ]);
  });

  test("what changes something is a form", () => {
    const page = read(render(text, urlOf)) as { html: { body: { form: unknown } } };
    expect(page.html.body.form).toEqual({
      "@method": "post",
      "@action": `${folder}sign-out`,
      p: {
        input: [
          { "@type": "hidden", "@name": "confirm", "@value": 'a&b"' },
          { "@type": "submit", "@value": "Yes" },
        ],
      },
    });
  });

  test("a field is a form too", () => {
    const page = read(render(input, urlOf)) as { html: { body: { form: { p: object } } } };
    expect(page.html.body.form).toMatchObject({
      "@method": "post",
      "@action": `${folder}provision`,
      p: { input: [{ "@type": "text", "@name": "code", "@value": "" }, { "@type": "submit" }] },
    });
  });
});

test.each(screenVendors)("whatever stands in a name, a %s page stays well-formed", (vendor) => {
  const { render } = pageRenderers[vendor];
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 60 }), (name) => {
      const actions = [{ label: name, target: "exit" as const }];
      const pages: PhonePage[] = [
        { kind: "menu", title: name, actions },
        { kind: "text", title: name, lines: [name, name], actions },
        { ...input, title: name, label: name },
      ];
      for (const page of pages) {
        const xml = render(page, urlOf);
        expect(XMLValidator.validate(xml)).toBe(true);
        expect(xml).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ufffe\uffff]/);
      }
    }),
  );
});

describe("a page's path", () => {
  const parts = { secret: "n3xt-s3cret", vendor: "poly", mac: "80-5E-C0-AA-BB-CC", page: "menu" };

  test("names the phone", () => {
    expect(readScreenPath(parts)).toEqual({ ...parts, mac: "805ec0aabbcc" });
  });

  test.each([
    ["secret", "a/b"],
    ["secret", ""],
    ["vendor", "audiocodes"],
    ["vendor", "__proto__"],
    ["mac", "805ec0aabb"],
    ["mac", "000000000000"],
    ["page", "constructor"],
  ])("with %s %j is none", (name, value) => {
    expect(readScreenPath({ ...parts, [name]: value })).toBeUndefined();
  });
});
