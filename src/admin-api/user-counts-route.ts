import { Type } from "typebox";
import { countUsers } from "../domain/count-users.ts";
import type { Stores } from "../domain/stores.ts";
import type { Tenant } from "../domain/tenant.ts";
import type { AdminApp } from "./admin-dependencies.ts";
import { problems } from "./problem-schema.ts";

const countsSchema = Type.Object(
  {
    total: Type.Integer(),
    byPolicy: Type.Array(
      Type.Object({
        name: Type.String({ description: "Name of the calling policy." }),
        users: Type.Integer(),
      }),
      { description: "By name; a policy that nobody has is left out." },
    ),
  },
  { description: "How many users there are." },
);

/** `GET /users/counts`; no user principal name is without an `@`, so that none is in its way. */
export function addUserCountsRoute(
  app: AdminApp,
  { stores, tenant }: { readonly stores: Pick<Stores, "users">; readonly tenant: Tenant },
): void {
  app.get(
    "/users/counts",
    {
      schema: {
        operationId: "countUsers",
        summary: "How many users there are, by calling policy",
        description: "Each user is looked at: for when a page is opened, not for every second.",
        tags: ["users"],
        response: { 200: countsSchema, ...problems() },
      },
    },
    async () => {
      const { total, byPolicy } = await countUsers(stores.users, tenant.id);
      return { total, byPolicy: [...byPolicy] };
    },
  );
}
