import { maskProvisioningUrl } from "../../../provisioning-http/provisioning-path.ts";
import type { HttpReply, PhoneHttp } from "./phone-http.ts";
import type { PhoneIdentity } from "./phone-identity.ts";
import { type PageStep, ScreenError, type SeenPage } from "./seen-page.ts";
import type { PhoneBrowser } from "./vendor-behavior.ts";

/** What a person does with the phone's browser: reads, presses what is there, types. */
export class PhoneScreen {
  readonly #http: PhoneHttp;
  readonly #userAgent: string;
  readonly #browser: PhoneBrowser;
  #page: SeenPage;
  #refreshUrl: string | undefined;

  private constructor(http: PhoneHttp, userAgent: string, browser: PhoneBrowser, reply: HttpReply) {
    this.#http = http;
    this.#userAgent = userAgent;
    this.#browser = browser;
    this.#page = browser.read(reply.body);
    this.#refreshUrl = reply.refreshUrl;
  }

  /** @throws ScreenError when the phone has no key for it, or the page is not there */
  static async open(
    http: PhoneHttp,
    identity: PhoneIdentity,
    browser: PhoneBrowser | undefined,
    url: string | undefined,
  ): Promise<PhoneScreen> {
    if (browser === undefined || url === undefined) {
      throw new ScreenError("No key of this phone opens a page.");
    }
    const userAgent = browser.userAgent(identity);
    const reply = await ask(http, userAgent, { method: "GET", url, values: {} });
    return new PhoneScreen(http, userAgent, browser, reply);
  }

  /** What stands on the screen. */
  get page(): SeenPage {
    return this.#page;
  }

  /** Presses a softkey, or chooses a line of a menu. @throws ScreenError when there is none of that name */
  press(label: string): Promise<SeenPage> {
    const step = this.#page.keys.get(label);
    if (step === undefined) {
      const there = [...this.#page.keys.keys()].join(", ");
      throw new ScreenError(`There is no "${label}" on "${this.#page.title}", but ${there}.`);
    }
    return this.#go(step);
  }

  /** Types into the page's field and sends it. @throws ScreenError when there is none */
  type(text: string): Promise<SeenPage> {
    const { field, title } = this.#page;
    if (field === undefined) throw new ScreenError(`Nothing can be typed on "${title}".`);
    const values = { ...field.step.values, [field.parameter]: text };
    return this.#go({ ...field.step, values });
  }

  /** What the phone does by itself when a page says so; pages that say nothing stay. */
  async refresh(): Promise<SeenPage> {
    if (this.#refreshUrl === undefined) return this.#page;
    return this.#go({ method: "GET", url: this.#refreshUrl, values: {} });
  }

  async #go(step: PageStep): Promise<SeenPage> {
    const reply = await ask(this.#http, this.#userAgent, step);
    this.#page = this.#browser.read(reply.body);
    this.#refreshUrl = reply.refreshUrl;
    return this.#page;
  }
}

/** @throws ScreenError for any status but 200 */
async function ask(
  http: PhoneHttp,
  userAgent: string,
  { method, url, values }: PageStep,
): Promise<HttpReply> {
  const target = new URL(url);
  if (method === "GET") {
    for (const [name, value] of Object.entries(values)) target.searchParams.append(name, value);
  }
  const reply =
    method === "GET"
      ? await http.get(target.href, userAgent)
      : await http.post(target.href, userAgent, values);
  if (reply.status === 200) return reply;
  const path = maskProvisioningUrl(target.pathname);
  throw new ScreenError(`${method} ${path} was answered ${reply.status}: ${reply.body.trim()}`);
}
