import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { expect } from "vitest";
import type { ServedVendor } from "../../provisioning-http/vendor.ts";
import { SystemClock } from "../../sip/clock.ts";
import { planPhones } from "../../src/lab/simulated-phones/phone-models.ts";
import {
  SimulatedPhone,
  type SimulatedPhoneOptions,
} from "../../src/lab/simulated-phones/simulated-phone.ts";
import { launchChromium } from "../support/chromium.ts";
import { GatewayProcess, projectRoot } from "../support/gateway-process.ts";

/** Window sizes that every page is looked at in. */
export const sizes = {
  wide: { width: 1280, height: 800 },
  narrow: { width: 390, height: 844 },
} as const;

/** Where screenshots are kept for people to look at; not in the repository. */
const screenshotFolder = join(projectRoot, "artifacts", "screenshots");
const axePath = createRequire(import.meta.url).resolve("axe-core/axe.min.js");

/** How a page is opened. */
export interface VisitOptions {
  readonly size?: keyof typeof sizes;
  readonly colorScheme?: "light" | "dark";
  readonly locale?: string;
  /** Of the administrator who is signed in; the gateway's first one when absent. */
  readonly token?: string;
}

/**
 * A real gateway with the laboratory open, and a headless Chromium for its admin center. Whoever opens
 * one calls `close()`, which fails where the browser had something to complain about: a broken rule of
 * the Content-Security-Policy, an exception, a request to anywhere else.
 */
export class PageRig {
  readonly gateway: GatewayProcess;
  readonly #browser: Browser;
  readonly #contexts: BrowserContext[] = [];
  readonly #phones: SimulatedPhone[] = [];
  readonly complaints: string[] = [];

  private constructor(gateway: GatewayProcess, browser: Browser) {
    this.gateway = gateway;
    this.#browser = browser;
  }

  static async open(environment: Readonly<Record<string, string>> = {}): Promise<PageRig> {
    const [gateway, browser] = await Promise.all([
      GatewayProcess.start({ environment: { LAB: "true", ...environment } }),
      launchChromium(),
    ]);
    return new PageRig(gateway, browser);
  }

  /** Opens a page of the admin center, signed in: `/devices`. */
  async visit(path: string, options: VisitOptions = {}): Promise<Page> {
    const context = await this.newContext(options);
    const { token = this.gateway.token } = options;
    const session = await context.request.post(`${this.gateway.adminUrl}/api/v1/session`, {
      data: { token },
    });
    if (!session.ok()) throw new Error(`No session: ${session.status()} ${await session.text()}`);
    const page = await this.newPage(context);
    await page.goto(`${this.gateway.adminUrl}${path}`);
    return page;
  }

  /** A browser profile of its own, with nobody signed in. */
  async newContext(options: VisitOptions = {}): Promise<BrowserContext> {
    const { size = "wide", colorScheme = "light", locale = "en-US" } = options;
    const context = await this.#browser.newContext({
      viewport: sizes[size],
      colorScheme,
      locale,
      reducedMotion: "reduce",
      acceptDownloads: true,
    });
    this.#contexts.push(context);
    return context;
  }

  /** A window whose complaints are kept. */
  async newPage(context: BrowserContext): Promise<Page> {
    const page = await context.newPage();
    page.on("console", (message) => {
      // A call that was refused is the page's to show; the browser's own line on it is no fault.
      const isAnswer = message.text().startsWith("Failed to load resource");
      if (["error", "warning"].includes(message.type()) && !isAnswer) {
        this.complaints.push(message.text());
      }
    });
    page.on("pageerror", (error) => this.complaints.push(String(error)));
    page.on("request", (request) => {
      const url = request.url();
      const isOwn = url.startsWith(this.gateway.adminUrl) || /^(data|blob):/.test(url);
      if (!isOwn) this.complaints.push(`A request to ${url}`);
    });
    return page;
  }

  /** An administrator's call over HTTP. @returns what was answered, as JSON or text */
  async api(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${this.gateway.adminUrl}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${this.gateway.token}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} was answered ${response.status}: ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  }

  /** A simulated phone, switched off, and its MAC address: `80:5e:c0:00:00:01`. */
  phone(
    vendor: ServedVendor = "yealink",
    options: Pick<SimulatedPhoneOptions, "answersForSeconds"> = {},
  ): { phone: SimulatedPhone; macAddress: string } {
    const [identity] = planPhones(1, this.#phones.length + 1, [vendor]);
    if (identity === undefined) throw new Error("no phone was planned");
    const phone = new SimulatedPhone({
      ...identity,
      ...options,
      provisioningUrl: `${this.gateway.provisioningUrl}/emea/`,
      clock: new SystemClock(),
    });
    phone.on("fault", (error) => this.complaints.push(`A simulated phone: ${error}`));
    this.#phones.push(phone);
    const macAddress = identity.macAddress.replaceAll(/(..)(?=.)/g, "$1:");
    return { phone, macAddress };
  }

  /** A simulated phone that is enrolled and registered, with nobody signed in. */
  async enrolledPhone(
    vendor: ServedVendor = "yealink",
    location = "Lobby",
    options: Pick<SimulatedPhoneOptions, "answersForSeconds"> = {},
  ): Promise<{ phone: SimulatedPhone; macAddress: string }> {
    const { phone, macAddress } = this.phone(vendor, options);
    await this.api("POST", "/devices", { macAddress, location });
    const boot = await phone.boot();
    if (boot.outcome !== "registered") throw new Error(boot.reason);
    const codes = (await this.api("POST", "/verification-codes", {
      macAddresses: [macAddress],
    })) as { items: { code: string }[] };
    const dialed = await phone.dial(`*55*${codes.items[0]?.code}`);
    if (dialed.status !== 200) throw new Error(`*55* was answered ${dialed.status}`);
    return { phone, macAddress };
  }

  /** Keeps a picture of the page: `devices-narrow-dark`. */
  async screenshot(page: Page, name: string): Promise<void> {
    mkdirSync(screenshotFolder, { recursive: true });
    await page.screenshot({ path: join(screenshotFolder, `${name}.png`) });
  }

  /**
   * Fails where axe finds anything that keeps people out (WCAG 2.2 A and AA, and best practice).
   * @param rules only these of axe's, by name
   */
  async expectAccessible(page: Page, rules?: readonly string[]): Promise<void> {
    // Through the protocol, since the page's own security policy lets no foreign script in.
    await page.evaluate(await readAxe());
    const options = rules === undefined ? {} : { runOnly: [...rules] };
    const violations = await page.evaluate(async (run) => {
      const { axe } = globalThis as unknown as {
        axe: { run(context: unknown, run: unknown): Promise<{ violations: AxeViolation[] }> };
      };
      // Fluent's own guards of the tab order, which hand the focus on in the moment they get it.
      return (await axe.run({ exclude: [["[data-tabster-dummy]"]] }, run)).violations;
    }, options);
    const told = violations.map(
      ({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(" | ")}`,
    );
    expect(told).toEqual([]);
  }

  /** Fails where something stands beyond the window's edge, so that people would have to scroll sideways. */
  async expectNoSidewaysScroll(page: Page): Promise<void> {
    const root = "document.documentElement";
    const scrolled = await page.evaluate<number>(`${root}.scrollWidth`);
    const seen = await page.evaluate<number>(`${root}.clientWidth`);
    expect(scrolled).toBeLessThanOrEqual(seen);
  }

  async close(): Promise<void> {
    await Promise.all(this.#contexts.map((context) => context.close()));
    await this.#browser.close();
    await Promise.all(this.#phones.map((phone) => phone.stop()));
    await this.gateway.stop();
    expect(this.complaints).toEqual([]);
  }
}

interface AxeViolation {
  readonly id: string;
  readonly help: string;
  readonly nodes: readonly { readonly html: string }[];
}

let axeSource: Promise<string> | undefined;

function readAxe(): Promise<string> {
  axeSource ??= import("node:fs/promises").then(({ readFile }) => readFile(axePath, "utf8"));
  return axeSource;
}
