/** One page as a browser without scripts has it. */
export interface Page {
  readonly url: URL;
  readonly status: number;
  readonly headers: Headers;
  readonly html: string;
  /** Its first heading. */
  readonly heading: string;
  /** What stands in its `role="alert"`, or an empty text. */
  readonly alert: string;
}

interface Cookie {
  readonly value: string;
  readonly path: string;
}

/** A browser that keeps cookies, follows redirects and sends forms. */
export class Browser {
  readonly #cookies = new Map<string, Cookie>();

  open(url: string): Promise<Page> {
    return this.#request(new URL(url), { method: "GET" });
  }

  /** Sends the page's form with its hidden fields and these ones. */
  submit(page: Page, fields: Record<string, string>): Promise<Page> {
    const form = /<form[^>]*>/.exec(page.html)?.[0];
    if (form === undefined) throw new Error(`no form on ${page.url}: ${page.html}`);
    const action = attribute(form, "action") ?? page.url.href;
    const body = new URLSearchParams({ ...hiddenFields(page.html), ...fields });
    return this.#request(new URL(action, page.url), { method: "POST", body });
  }

  async #request(url: URL, init: RequestInit): Promise<Page> {
    let next: { url: URL; init: RequestInit } = { url, init };
    for (let redirects = 0; redirects < 6; redirects++) {
      const headers = { cookie: this.#cookiesFor(next.url), accept: "text/html" };
      const response = await fetch(next.url, { ...next.init, headers, redirect: "manual" });
      for (const line of response.headers.getSetCookie()) this.#keep(line);
      const location = response.headers.get("location");
      if (location === null) return pageOf(next.url, response);
      await response.arrayBuffer();
      next = { url: new URL(location, next.url), init: { method: "GET" } };
    }
    throw new Error(`${url} redirects without end`);
  }

  #keep(line: string): void {
    const [pair = "", ...attributes] = line.split("; ");
    const [name = "", value = ""] = pair.split("=");
    const path = attributes.find((one) => one.toLowerCase().startsWith("path="))?.slice(5) ?? "/";
    if (value === "") this.#cookies.delete(`${name} ${path}`);
    else this.#cookies.set(`${name} ${path}`, { value, path });
  }

  #cookiesFor({ pathname }: URL): string {
    return [...this.#cookies]
      .filter(([, cookie]) => pathname.startsWith(cookie.path))
      .map(([key, cookie]) => `${key.split(" ")[0]}=${cookie.value}`)
      .join("; ");
  }
}

async function pageOf(url: URL, response: Response): Promise<Page> {
  const html = await response.text();
  return {
    url,
    status: response.status,
    headers: response.headers,
    html,
    heading: /<h1>(.*?)<\/h1>/.exec(html)?.[1] ?? "",
    alert: /role="alert">(.*?)</.exec(html)?.[1] ?? "",
  };
}

function hiddenFields(html: string): Record<string, string> {
  const inputs = html.match(/<input[^>]*type="hidden"[^>]*>/g) ?? [];
  return Object.fromEntries(
    inputs.map((input) => [attribute(input, "name") ?? "", attribute(input, "value") ?? ""]),
  );
}

function attribute(tag: string, name: string): string | undefined {
  return new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1];
}
