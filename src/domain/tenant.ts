/** A tenant's id, a GUID in lower case. It is part of every key that the stores write. */
export type TenantId = string & { readonly __brand: "TenantId" };

/** An organization that owns devices and users. */
export interface Tenant {
  readonly id: TenantId;
  /** As shown on phones and pages, for example `Contoso`. */
  readonly name: string;
  /** The SIP domain of its users' accounts, for example `contoso.example`. */
  readonly domain: string;
}

/** Where tenants are kept. */
export interface TenantStore {
  /** The first tenant; on empty storage `candidate` is written and returned, once for all nodes. */
  ensureFirst(candidate: Tenant): Promise<Tenant>;
  list(): Promise<readonly Tenant[]>;
}
