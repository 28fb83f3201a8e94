import type { IncomingMessage, ServerResponse } from "node:http";
import type { TypeBoxTypeProvider } from "@fastify/type-provider-typebox";
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from "fastify";
import type { AdministratorIdentityProvider } from "../domain/administrator-sign-in.ts";
import type { BulkSignInRunner } from "../domain/bulk-sign-in-runner.ts";
import type { Enforcer } from "../domain/enforcer.ts";
import type { MacAddress } from "../domain/mac-address.ts";
import type { StartSignInOutcome } from "../domain/start-sign-in.ts";
import type { Stores } from "../domain/stores.ts";
import type { TellPhone } from "../domain/tell-phone.ts";
import type { Tenant, TenantId } from "../domain/tenant.ts";
import type { WaitingTimeSource } from "../domain/time-source.ts";
import type { NodeSource } from "./node-source.ts";
import type { GuideSource } from "./provisioning-guide-routes.ts";

/** The fastify instance that routes are added to. */
export type AdminApp = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

/** A call in progress or one of the last ones. */
export interface ListedCall {
  readonly callId: string;
  /** AOR of the caller. */
  readonly from: string;
  /** What was called, never a verification code. */
  readonly to: string;
  readonly kind: string;
  /** AOR of the user whose phone answered; null while nobody did, and where it is none of ours. */
  readonly answeredBy: string | null;
  readonly startedAtMilliseconds: number;
  readonly answeredAtMilliseconds: number | null;
  readonly endedAtMilliseconds: number | null;
  /** The final status of the INVITE; null while it rings. */
  readonly status: number | null;
  /** How it ended, in a word; null while it lasts. */
  readonly end: string | null;
}

/** Where `/calls` reads. */
export interface CallSource {
  /** Those in progress, then those that ended, newest first in each. */
  list(): readonly ListedCall[];
}

/** Where phones are sent, for `/regions`. Ports are those really listened on. */
export interface PhoneSideAddress {
  /** Host name or address, an IPv6 one without brackets. */
  readonly host: string;
  readonly sipPort: number;
  readonly provisioningPort: number;
}

/** Begins a sign-in and has it polled for. @throws IdentityProviderError */
export type StartSignIn = (
  tenantId: TenantId,
  macAddress: MacAddress,
  actor: string,
) => Promise<StartSignInOutcome>;

/** Brings what is queued to a device's phone, now if it is there. Returns at once, never throws. */
export type DeliverCommands = (tenantId: TenantId, macAddress: MacAddress) => void;

/** Everything the admin API is made of; `main.ts` gives it. */
export interface AdminServerDependencies {
  readonly stores: Stores;
  readonly clock: WaitingTimeSource;
  readonly logger: FastifyBaseLogger;
  readonly tenant: Tenant;
  /** The first administrator's bearer token. */
  readonly token: string;
  /** Origin under which browsers reach the server; without one, what they say in Host. */
  readonly publicUrl?: string | null;
  /** Asked at each request, since a port 0 is known only once it is listened on. */
  readonly phoneSide: () => PhoneSideAddress;
  readonly calls: CallSource;
  readonly node: NodeSource;
  readonly guide: GuideSource;
  readonly metrics: {
    render(): Promise<{ readonly contentType: string; readonly text: string }>;
  };
  readonly readiness: () => Promise<{
    readonly ready: boolean;
    readonly checks: readonly { readonly name: string; readonly ok: boolean }[];
  }>;
  /** Where the admin center's built page is. */
  readonly adminCenterFolder: string;
  /** Adds the built-in identity provider's routes, when that is who signs users in. */
  readonly addIdentityRoutes?: ((app: AdminApp) => void) | undefined;
  /** Who signs administrators in beside their tokens, if anybody. */
  readonly administratorIdentity?: AdministratorIdentityProvider | undefined;
  readonly startSignIn: StartSignIn;
  /** Carries out files of users and devices. */
  readonly bulkSignIns: Pick<BulkSignInRunner, "begin">;
  readonly deliver: DeliverCommands;
  readonly tellPhone: TellPhone;
  /** Told after users and policies were written. */
  readonly enforcer: Pick<Enforcer, "userChanged" | "policyChanged">;
  /** Whether the laboratory's calls are open. */
  readonly lab: boolean;
  /** Moves the laboratory's clock by milliseconds and returns its time; undefined outside the laboratory. */
  readonly advanceClock?: ((milliseconds: number) => number) | undefined;
  /** At least 32 random bytes, the same on all nodes: sample users' passwords are derived from it. */
  readonly sampleUserSecret: Buffer;
}
