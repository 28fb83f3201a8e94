import { errors, type Interaction, type Provider, type ProviderContext } from "oidc-provider";
import { readMacAddress } from "../../domain/mac-address.ts";
import { type Recording, recordDeviceEvent } from "../../domain/record-device-event.ts";
import type { AskingDevice } from "../../domain/sign-in.ts";
import type { Tenant } from "../../domain/tenant.ts";
import { deviceOf, waitText } from "./code-pages.ts";
import { messagePage, passwordPage } from "./pages.ts";
import type { PasswordCheck } from "./password-check.ts";
import { pagePaths } from "./paths.ts";
import { readForm } from "./read-form.ts";

interface PasswordPagesDependencies {
  readonly provider: Provider;
  readonly passwords: PasswordCheck;
  readonly tenant: Tenant;
  readonly recording: Recording;
}

/** Who a device's history names where a person did something on the sign-in page. */
const pageActor = "sign-in page";

/**
 * The page for user name and password, behind a confirmed pairing code (oidc-provider's
 * "interaction"). Its cookie is bound to the path and not sent along from other sites, so that
 * nobody can send the form for somebody else.
 */
export class PasswordPages {
  readonly #dependencies: PasswordPagesDependencies;

  constructor(dependencies: PasswordPagesDependencies) {
    this.#dependencies = dependencies;
  }

  readonly handle = async (context: ProviderContext, next: () => Promise<void>): Promise<void> => {
    if (!context.path.startsWith(`${pagePaths.password}/`)) return next();
    context.type = "html";
    const { provider } = this.#dependencies;
    try {
      const interaction = await provider.interactionDetails(context.req, context.res);
      if (context.method === "POST") await this.#answer(context, interaction);
      else await this.#show(context, interaction, "", undefined);
    } catch (error) {
      if (!(error instanceof errors.SessionNotFound)) throw error;
      context.status = 400;
      context.body = messagePage(
        "This page has expired",
        "Open the sign-in page again and enter the pairing code.",
      );
    }
  };

  async #answer(context: ProviderContext, interaction: Interaction): Promise<void> {
    const form = await readForm(context.req);
    if (form === undefined) {
      context.status = 400;
      context.body = messagePage("This did not work", "The form could not be read.");
      return;
    }
    if (form.get("action") === "cancel") {
      const result = { error: "access_denied", error_description: "The user cancelled." };
      return this.#finish(context, result);
    }
    const name = (form.get("user_name") ?? "").slice(0, 256);
    const { passwords } = this.#dependencies;
    const answer = await passwords.check(name, form.get("password") ?? "", context.ip);
    if (answer.outcome === "right") {
      return this.#finish(context, { login: { accountId: answer.upn, remember: false } });
    }
    if (answer.outcome === "wait") {
      context.status = 429;
      context.set("retry-after", String(answer.waitSeconds));
      return this.#show(context, interaction, name, waitText(answer.waitSeconds));
    }
    await this.#record(context, interaction);
    context.status = 401;
    return this.#show(context, interaction, name, "User name or password is wrong.");
  }

  /** Without the name that was typed: it may be a password in the wrong field. */
  async #record(context: ProviderContext, interaction: Interaction): Promise<void> {
    const device = await this.#deviceOf(interaction);
    const reading = readMacAddress(device?.macAddress ?? "");
    if (!reading.ok) return;
    const { recording, tenant } = this.#dependencies;
    await recordDeviceEvent(recording, {
      tenantId: tenant.id,
      macAddress: reading.macAddress,
      kind: "refused",
      text: `Wrong user name or password on the sign-in page, from ${context.ip}.`,
      actor: pageActor,
    });
  }

  async #finish(
    context: ProviderContext,
    result: Parameters<Provider["interactionResult"]>[2],
  ): Promise<void> {
    const { provider } = this.#dependencies;
    const options = { mergeWithLastSubmission: false };
    const url = await provider.interactionResult(context.req, context.res, result, options);
    context.redirect(new URL(url).pathname);
    // The form shall not be sent again (RFC 9110 §15.4.4).
    context.status = 303;
  }

  async #show(
    context: ProviderContext,
    interaction: Interaction,
    userName: string,
    problem: string | undefined,
  ): Promise<void> {
    const device = await this.#deviceOf(interaction);
    context.body = passwordPage(this.#dependencies.tenant.name, device, userName, problem);
  }

  async #deviceOf(interaction: Interaction): Promise<AskingDevice | undefined> {
    if (interaction.deviceCode === undefined) return undefined;
    const code = await this.#dependencies.provider.DeviceCode.find(interaction.deviceCode, {
      ignoreExpiration: true,
      ignoreSessionBinding: true,
    });
    return deviceOf(code?.deviceInfo);
  }
}
