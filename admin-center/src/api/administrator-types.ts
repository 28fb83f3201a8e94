import type { Role } from "./types.ts";

/** `GET /administrators` */
export interface Administrator {
  readonly name: string;
  readonly role: Role;
  /** How he signs in; `settings`: the first one, whose token is ADMIN_TOKEN. */
  readonly kind: "settings" | "token" | "openid";
  /** RFC 3339; null for the first one. */
  readonly createdAt: string | null;
}

/** What `POST /administrators` answers; the token is told this once. */
export type AddedAdministrator = Administrator & { readonly token: string };
