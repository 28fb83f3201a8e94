import type { FastifyBaseLogger } from "fastify";
import type { ProviderContext } from "oidc-provider";
import { AttemptBrake } from "../../domain/attempt-brake.ts";
import type { AskingDevice } from "../../domain/sign-in.ts";
import type { Tenant } from "../../domain/tenant.ts";
import type { TimeSource } from "../../domain/time-source.ts";
import { codePage, confirmPage, messagePage, pageSecurityPolicy } from "./pages.ts";
import { pagePaths } from "./paths.ts";

/** Wrong pairing codes and pages of one address. */
export const pageLimits = {
  wrongCodes: { tries: 20, windowMilliseconds: 15 * 60_000 },
  /** Each may leave a session behind. */
  pages: { tries: 300, windowMilliseconds: 60_000 },
} as const;

const problems: Readonly<Record<string, string>> = {
  NoCodeError: "Enter the pairing code.",
  NotFoundError: "There is no such pairing code. Check it and try again.",
  ExpiredError: "This pairing code has expired. Ask for a new one.",
  AlreadyUsedError: "This pairing code has been used already. Ask for a new one.",
};

interface CodePagesDependencies {
  readonly tenant: Tenant;
  readonly clock: TimeSource;
  readonly logger: Pick<FastifyBaseLogger, "warn">;
  /** Told of each pairing code that there is not: it belongs to no device, whose history could say so. */
  readonly onWrongCode: () => void;
}

/** The pages around the pairing code; oidc-provider calls them with what it found. */
export class CodePages {
  readonly #tenant: Tenant;
  readonly #logger: Pick<FastifyBaseLogger, "warn">;
  readonly #onWrongCode: () => void;
  readonly #wrongCodes: AttemptBrake;
  readonly #pages: AttemptBrake;

  constructor({ tenant, clock, logger, onWrongCode }: CodePagesDependencies) {
    this.#onWrongCode = onWrongCode;
    this.#tenant = tenant;
    this.#logger = logger;
    this.#wrongCodes = new AttemptBrake(clock, pageLimits.wrongCodes);
    this.#pages = new AttemptBrake(clock, pageLimits.pages);
  }

  /** Before anything else: slows who asks too much, and takes the code out of the URL into the form. */
  readonly guard = async (context: ProviderContext, next: () => Promise<void>): Promise<void> => {
    context.set("cache-control", "no-store");
    context.set("content-security-policy", pageSecurityPolicy);
    context.set("referrer-policy", "no-referrer");
    context.set("x-content-type-options", "nosniff");
    if (!isPage(context.path)) return next();
    const { ip } = context;
    const wait = Math.max(this.#pages.waitSeconds(ip), this.#wrongCodes.waitSeconds(ip));
    if (wait > 0) return sendWait(context, wait);
    this.#pages.count(ip);
    const { user_code: userCode } = context.query;
    if (context.path === pagePaths.code && context.method === "GET" && userCode !== undefined) {
      // oidc-provider would answer with a form that sends itself, which needs a script.
      context.state.prefilled = String(userCode).slice(0, 32);
      context.url = pagePaths.code;
    }
    return next();
  };

  /** features.deviceFlow.userCodeInputSource: the form, and what was wrong with the last try. */
  readonly askForCode = async (
    context: ProviderContext,
    _form: string,
    _out?: unknown,
    error?: Error & { readonly userCode?: string },
  ): Promise<void> => {
    context.type = "html";
    if (error?.name === "AbortedError") {
      context.body = messagePage(
        "Cancelled",
        "The sign-in was cancelled. You can close this page.",
      );
      return;
    }
    if (error?.name === "NotFoundError") {
      this.#wrongCodes.count(context.ip);
      this.#onWrongCode();
      this.#logger.warn({ address: context.ip }, "A pairing code that there is not was typed");
    }
    const problem =
      error === undefined
        ? undefined
        : (problems[error.name] ?? "This page had expired. Enter the pairing code again.");
    const prefilled = error?.userCode ?? String(context.state.prefilled ?? "");
    context.body = codePage(this.#tenant.name, formOf(context), prefilled.slice(0, 32), problem);
  };

  /** features.deviceFlow.userCodeConfirmSource: which device it is. */
  readonly askToConfirm = async (
    context: ProviderContext,
    _form: string,
    _client: unknown,
    deviceInfo: unknown,
    userCode: string,
  ): Promise<void> => {
    context.type = "html";
    const device = deviceOf(deviceInfo);
    context.body = confirmPage(this.#tenant.name, formOf(context), userCode, device);
  };

  /** features.deviceFlow.successSource. The next sign-in in this browser may be another person's. */
  readonly tellSuccess = async (context: ProviderContext): Promise<void> => {
    context.type = "html";
    const name = context.oidc.account?.accountId ?? "";
    context.body = messagePage(
      "Signed in",
      `${name} will be signed in on the phone in a moment. You can close this page.`,
    );
    await context.oidc.session.destroy();
  };

  /** renderError: faults that have no page of their own. */
  readonly tellError = async (
    context: ProviderContext,
    out: { readonly error: string; readonly error_description?: string },
  ): Promise<void> => {
    context.type = "html";
    context.body = messagePage("This did not work", out.error_description ?? out.error);
  };
}

/** What the gateway told of the device when it asked for the code. */
export function deviceOf(deviceInfo: unknown): AskingDevice | undefined {
  if (typeof deviceInfo !== "object" || deviceInfo === null) return undefined;
  const { macAddress, location, model } = deviceInfo as Record<string, unknown>;
  if (typeof macAddress !== "string") return undefined;
  return {
    macAddress,
    location: typeof location === "string" ? location : "",
    model: typeof model === "string" ? model : null,
  };
}

/** Answers 429 with a page (RFC 6585 §4). */
export function sendWait(context: ProviderContext, waitSeconds: number): void {
  context.status = 429;
  context.set("retry-after", String(waitSeconds));
  context.type = "html";
  context.body = messagePage("Too many tries", waitText(waitSeconds));
}

/** How long to wait, in words. */
export function waitText(waitSeconds: number): string {
  const minutes = Math.ceil(waitSeconds / 60);
  return `Too many tries. Wait ${minutes === 1 ? "a minute" : `${minutes} minutes`} and try again.`;
}

function isPage(path: string): boolean {
  return path.startsWith(pagePaths.code) || path.startsWith(pagePaths.password);
}

function formOf(context: ProviderContext): { action: string; xsrf: string } {
  return { action: pagePaths.code, xsrf: context.oidc.session.state?.secret ?? "" };
}
