/** What the built-in identity provider uses of oidc-provider 9, which comes without types. */
declare module "oidc-provider" {
  import type { IncomingMessage, ServerResponse } from "node:http";

  /** A Koa context, with the provider's own part. */
  interface ProviderContext {
    readonly req: IncomingMessage;
    readonly res: ServerResponse;
    readonly method: string;
    readonly path: string;
    readonly query: Readonly<Record<string, string | string[] | undefined>>;
    readonly ip: string;
    readonly state: Record<string, unknown>;
    url: string;
    status: number;
    type: string;
    body: unknown;
    set(name: string, value: string): void;
    redirect(url: string): void;
    readonly oidc: {
      readonly session: { readonly state?: { readonly secret?: string }; destroy(): Promise<void> };
      readonly params?: Readonly<Record<string, unknown>>;
      readonly client?: { readonly clientId: string };
      readonly account?: { readonly accountId: string };
      readonly result?: { readonly login?: unknown };
      readonly provider: Provider;
      readonly requestParamScopes: ReadonlySet<string>;
      readonly deviceCode?: DeviceCode;
    };
  }

  interface DeviceCode {
    readonly jti: string;
    readonly deviceInfo?: unknown;
  }

  interface Interaction {
    readonly uid: string;
    readonly deviceCode?: string;
    readonly returnTo: string;
  }

  interface Grant {
    addOIDCScope(scope: string): void;
    save(ttl?: number): Promise<string>;
  }

  interface StateAdapter {
    upsert(id: string, payload: Record<string, unknown>, expiresIn?: number): Promise<void>;
    find(id: string): Promise<Record<string, unknown> | undefined>;
    findByUserCode(userCode: string): Promise<Record<string, unknown> | undefined>;
    findByUid(uid: string): Promise<Record<string, unknown> | undefined>;
    consume(id: string): Promise<void>;
    destroy(id: string): Promise<void>;
    revokeByGrantId(grantId: string): Promise<void>;
  }

  interface InteractionResult {
    readonly login?: { readonly accountId: string; readonly remember: boolean };
    readonly error?: string;
    readonly error_description?: string;
  }

  type Middleware = (context: ProviderContext, next: () => Promise<void>) => Promise<void>;

  class Provider {
    constructor(issuer: string, configuration: object);
    proxy: boolean;
    readonly Grant: new (input: {
      accountId: string;
      clientId: string;
    }) => Grant;
    readonly DeviceCode: {
      find(
        id: string,
        options: { ignoreExpiration: boolean; ignoreSessionBinding: boolean },
      ): Promise<DeviceCode | undefined>;
    };
    use(middleware: Middleware): this;
    on(event: "server_error", listener: (context: ProviderContext, error: unknown) => void): this;
    callback(): (request: IncomingMessage, response: ServerResponse) => Promise<void>;
    interactionDetails(request: IncomingMessage, response: ServerResponse): Promise<Interaction>;
    interactionResult(
      request: IncomingMessage,
      response: ServerResponse,
      result: InteractionResult,
      options: { mergeWithLastSubmission: boolean },
    ): Promise<string>;
  }

  const errors: {
    readonly InvalidGrant: new (detail: string) => Error;
    readonly SessionNotFound: new (description: string) => Error;
  };

  const interactionPolicy: {
    readonly Check: {
      new (
        reason: string,
        description: string,
        check: (context: ProviderContext) => boolean,
      ): object;
      readonly REQUEST_PROMPT: boolean;
      readonly NO_NEED_TO_PROMPT: boolean;
    };
    base(): { get(name: string): { checks: { add(check: object): void } } };
  };
}
