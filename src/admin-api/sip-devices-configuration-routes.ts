import { Type } from "typebox";
import type { Stores } from "../domain/stores.ts";
import type { Tenant } from "../domain/tenant.ts";
import type { AdminApp } from "./admin-dependencies.ts";
import { problems } from "./problem-schema.ts";

const tags = ["sign-in"];

const configuration = {
  bulkSignIn: Type.Enum(["enabled", "disabled"], {
    description:
      "Whether files of users and devices are carried out. Disabled until it is enabled.",
  }),
};

const configurationSchema = Type.Object(configuration, {
  description: "The configuration as it now stands.",
});

/** `GET` and `PUT /sip-devices-configuration` (Microsoft's Set-CsTeamsSipDevicesConfiguration). */
export function addSipDevicesConfigurationRoutes(
  app: AdminApp,
  { stores, tenant }: { readonly stores: Stores; readonly tenant: Tenant },
): void {
  app.get(
    "/sip-devices-configuration",
    {
      schema: {
        operationId: "getSipDevicesConfiguration",
        summary: "How the tenant uses SIP devices",
        tags,
        response: { 200: configurationSchema, ...problems() },
      },
    },
    async () => {
      const { bulkSignIn } = await stores.sipDevicesConfiguration.find(tenant.id);
      return { bulkSignIn };
    },
  );
  app.put(
    "/sip-devices-configuration",
    {
      schema: {
        operationId: "putSipDevicesConfiguration",
        summary: "Writes how the tenant uses SIP devices",
        tags,
        body: Type.Object(configuration, { additionalProperties: false }),
        response: { 200: configurationSchema, ...problems(400, 413, 415) },
      },
    },
    async (request) => {
      const { bulkSignIn } = request.body;
      await stores.sipDevicesConfiguration.put({ tenantId: tenant.id, bulkSignIn });
      return { bulkSignIn };
    },
  );
}
