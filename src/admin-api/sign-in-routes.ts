import { type Static, Type } from "typebox";
import type { MacAddress } from "../domain/mac-address.ts";
import { IdentityProviderError } from "../domain/sign-in.ts";
import type { Stores } from "../domain/stores.ts";
import type { Tenant, TenantId } from "../domain/tenant.ts";
import type { AdminApp, StartSignIn } from "./admin-dependencies.ts";
import { noSuchDevice } from "./devices-routes.ts";
import { ProblemError } from "./problem.ts";
import { problems } from "./problem-schema.ts";
import { readMacParameter } from "./read-mac-parameter.ts";
import {
  formatTime,
  formatTimeOrNull,
  macAddressParams,
  nullable,
  timeSchema,
} from "./schema-parts.ts";

/** What the calls on sign-ins need. */
export interface SignInDependencies {
  readonly stores: Stores;
  readonly tenant: Tenant;
  readonly startSignIn: StartSignIn;
}

const tags = ["sign-in"];

const startedSchema = Type.Object(
  {
    userCode: Type.String({ description: "The pairing code that the user types." }),
    verificationUri: Type.String({ description: "Where the user opens the sign-in page." }),
    verificationUriComplete: Type.String({ description: "The same, with the code in it." }),
    expiresAt: timeSchema,
    intervalSeconds: Type.Integer({ description: "How often the identity provider is asked." }),
  },
  { description: "The sign-in has begun; a user is waited for." },
);

const statusSchema = Type.Object(
  {
    status: Type.Enum(["pending", "completed", "failed", "expired"]),
    reason: nullable(Type.String(), "Why it came to nothing, for an administrator to act on."),
    upn: nullable(Type.String(), "Who was signed in; null unless completed."),
    phone: nullable(
      Type.Object({
        step: Type.Enum(["told", "fetched", "registered"], {
          description:
            "told: it was told to fetch; fetched: it has the user's account; registered: it is back as the user.",
        }),
        signedInAt: timeSchema,
        fetchedAt: nullable(timeSchema),
        registeredAt: nullable(timeSchema),
      }),
      "How far the phone has come to the user who is signed in; null while nobody is.",
    ),
    startedAt: timeSchema,
    expiresAt: timeSchema,
  },
  { description: "The device's last sign-in." },
);

/** `POST` and `GET /devices/{mac}/sign-in` (RFC 8628). */
export function addSignInRoutes(app: AdminApp, dependencies: SignInDependencies): void {
  addStartRoute(app, dependencies);
  addStatusRoute(app, dependencies);
}

function addStartRoute(app: AdminApp, { tenant, startSignIn }: SignInDependencies): void {
  app.post(
    "/devices/:mac/sign-in",
    {
      schema: {
        operationId: "startSignIn",
        summary: "Begins a sign-in from afar: a pairing code for the user",
        tags,
        params: macAddressParams,
        response: { 201: startedSchema, ...problems(400, 404, 409, 502) },
      },
    },
    async (request, reply) => {
      const macAddress = readMacParameter(request.params.mac, "mac");
      const { name } = request.administrator;
      const result = await startSignIn(tenant.id, macAddress, name).catch(asProblem);
      if (result.outcome === "no-device") throw noSuchDevice();
      if (result.outcome === "not-waiting") {
        const detail = `The device does not wait for a sign-in: it is ${result.state}.`;
        throw new ProblemError(409, detail);
      }
      const { userCode, verificationUri, verificationUriComplete, ...rest } = result.signIn;
      return reply.code(201).send({
        userCode,
        verificationUri,
        verificationUriComplete,
        expiresAt: formatTime(rest.expiresAtMilliseconds),
        intervalSeconds: rest.intervalSeconds,
      });
    },
  );
}

function addStatusRoute(app: AdminApp, { stores, tenant }: SignInDependencies): void {
  app.get(
    "/devices/:mac/sign-in",
    {
      schema: {
        operationId: "getSignIn",
        summary: "How a device's last sign-in stands",
        tags,
        params: macAddressParams,
        response: { 200: statusSchema, ...problems(400, 404) },
      },
    },
    async (request) => {
      const macAddress = readMacParameter(request.params.mac, "mac");
      const signIn = await stores.signIns.find(tenant.id, macAddress);
      if (signIn === undefined) {
        const device = await stores.devices.find(tenant.id, macAddress);
        if (device === undefined) throw noSuchDevice();
        throw new ProblemError(404, "No sign-in has been started on this device.");
      }
      return {
        status: signIn.status,
        reason: signIn.reason,
        upn: signIn.status === "completed" ? signIn.upn : null,
        phone: await presentArrival(stores, tenant.id, macAddress),
        startedAt: formatTime(signIn.startedAtMilliseconds),
        expiresAt: formatTime(signIn.expiresAtMilliseconds),
      };
    },
  );
}

async function presentArrival(
  { policyRefreshes }: Pick<Stores, "policyRefreshes">,
  tenantId: TenantId,
  macAddress: MacAddress,
): Promise<Static<typeof statusSchema>["phone"]> {
  const refresh = (await policyRefreshes.find(tenantId, [macAddress])).get(macAddress)?.value;
  if (refresh === undefined) return null;
  const { arrival } = refresh;
  const fetchedStep = arrival.fetchedAtMilliseconds === null ? "told" : "fetched";
  return {
    step: arrival.registeredAtMilliseconds === null ? fetchedStep : "registered",
    signedInAt: formatTime(arrival.signedInAtMilliseconds),
    fetchedAt: formatTimeOrNull(arrival.fetchedAtMilliseconds),
    registeredAt: formatTimeOrNull(arrival.registeredAtMilliseconds),
  };
}

function asProblem(error: unknown): never {
  if (!(error instanceof IdentityProviderError)) throw error;
  throw new ProblemError(502, error.message, { cause: error });
}
