import { decodeHTML } from "entities";
import { type Clock, SystemClock } from "../../sip/clock.ts";

/** A sign-in that waits for its user. */
export interface StartedSignIn {
  readonly userCode: string;
  readonly verificationUri: string;
  readonly verificationUriComplete: string;
}

/** Who signs in. */
export interface Person {
  readonly upn: string;
  readonly password: string;
}

/** The sign-in page did not let somebody in; the message says what it showed. */
export class SignInPageError extends Error {
  readonly code = "SIGN_IN_PAGE";
}

const mostRedirects = 6;
const mostWaits = 10;
/** Who asks for too many pages waits a minute; a longer wait is for wrong passwords. */
const longestWaitSeconds = 60;

interface Page {
  readonly url: URL;
  readonly status: number;
  readonly html: string;
}

/**
 * Signs a user in on the gateway's own sign-in page, as a person with a browser without scripts does
 * (RFC 8628 §3.3): opens it with the pairing code, confirms the phone, gives name and password. Waits
 * for up to a minute where the page asks for that (429).
 * @throws SignInPageError with the page's heading when the page does not say that it worked
 */
export async function signInAsPerson(
  signIn: StartedSignIn,
  user: Person,
  clock: Clock = new SystemClock(),
): Promise<void> {
  const browser = new FormClient(clock);
  const code = await browser.open(signIn.verificationUriComplete);
  const confirmation = await browser.submit(code, { user_code: signIn.userCode });
  const login = await browser.submit(confirmation, { confirm: "yes" });
  const done = await browser.submit(login, {
    user_name: user.upn,
    password: user.password,
    action: "sign-in",
  });
  if (done.status !== 200 || headingOf(done) !== "Signed in") {
    throw new SignInPageError(`${user.upn} could not sign in: ${done.status} ${headingOf(done)}`);
  }
}

/** Keeps cookies, follows redirects, sends forms, waits when told to. */
class FormClient {
  readonly #clock: Clock;
  readonly #cookies = new Map<string, { readonly value: string; readonly path: string }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  open(url: string): Promise<Page> {
    return this.#request(new URL(url), { method: "GET" });
  }

  /** Sends the page's form with its hidden fields and these ones. */
  submit(page: Page, fields: Readonly<Record<string, string>>): Promise<Page> {
    const form = /<form[^>]*>/.exec(page.html)?.[0];
    if (form === undefined) {
      throw new SignInPageError(`There is no form on "${headingOf(page)}".`);
    }
    const action = new URL(attributeOf(form, "action") ?? page.url.href, page.url);
    const body = new URLSearchParams({ ...hiddenFieldsOf(page), ...fields });
    return this.#request(action, { method: "POST", body });
  }

  async #request(first: URL, init: RequestInit): Promise<Page> {
    let url = first;
    let send = init;
    for (let redirects = 0; redirects <= mostRedirects; redirects++) {
      const response = await this.#send(url, send);
      for (const line of response.headers.getSetCookie()) this.#keep(line);
      const html = await response.text();
      const location = response.headers.get("location");
      if (location === null) return { url, status: response.status, html };
      url = new URL(location, url);
      send = { method: "GET" };
    }
    throw new SignInPageError(`${first.pathname} redirects without end.`);
  }

  /** Sends it again, unchanged, when the server is too busy for it (RFC 6585 §4). */
  async #send(url: URL, init: RequestInit): Promise<Response> {
    for (let waits = 0; ; waits++) {
      const headers = { cookie: this.#cookiesFor(url), accept: "text/html" };
      const response = await fetch(url, { ...init, headers, redirect: "manual" });
      const seconds = Number(response.headers.get("retry-after") ?? Number.NaN);
      const waitsAgain = response.status === 429 && seconds <= longestWaitSeconds;
      if (!waitsAgain || waits === mostWaits) return response;
      await response.text();
      await new Promise<void>((resolve) => void this.#clock.schedule(seconds * 1000, resolve));
    }
  }

  #keep(line: string): void {
    const [pair = "", ...attributes] = line.split(/; */);
    const equals = pair.indexOf("=");
    const name = pair.slice(0, equals);
    const value = pair.slice(equals + 1);
    const path = attributes.find((one) => /^path=/i.test(one))?.slice(5) ?? "/";
    if (value === "") this.#cookies.delete(`${name} ${path}`);
    else this.#cookies.set(`${name} ${path}`, { value, path });
  }

  #cookiesFor({ pathname }: URL): string {
    return [...this.#cookies]
      .filter(([, { path }]) => pathname.startsWith(path))
      .map(([key, { value }]) => `${key.split(" ")[0]}=${value}`)
      .join("; ");
  }
}

function headingOf({ html }: Page): string {
  return decodeHTML(/<h1>(.*?)<\/h1>/.exec(html)?.[1] ?? "a page without heading");
}

function hiddenFieldsOf({ html }: Page): Record<string, string> {
  const inputs = html.match(/<input[^>]*type="hidden"[^>]*>/g) ?? [];
  return Object.fromEntries(
    inputs.map((input) => [attributeOf(input, "name") ?? "", attributeOf(input, "value") ?? ""]),
  );
}

function attributeOf(tag: string, name: string): string | undefined {
  const value = new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1];
  return value === undefined ? undefined : decodeHTML(value);
}
