import type { Binding } from "../../domain/binding.ts";
import type { MacAddress } from "../../domain/mac-address.ts";
import type { TenantId } from "../../domain/tenant.ts";
import type { JournalEntry } from "./binding-journal.ts";

/** The bindings of one tenant. */
interface TenantBindings {
  readonly byAor: Map<string, JournalEntry>;
  readonly aorsByDevice: Map<MacAddress, Set<string>>;
  /** The AORs in order; undefined when one came or went since it was last needed. */
  sortedAors: readonly string[] | undefined;
}

/** What the journal says, in memory: all entries, found by AOR and by device. */
export class BindingTable {
  readonly #tenants = new Map<TenantId, TenantBindings>();
  #size = 0;

  /** How many AORs have an entry. */
  get size(): number {
    return this.#size;
  }

  find(tenantId: TenantId, aor: string): JournalEntry | undefined {
    return this.#tenants.get(tenantId)?.byAor.get(aor);
  }

  /** Every entry, of one tenant or of all. */
  *entries(tenantId?: TenantId): Iterable<JournalEntry> {
    for (const [id, tenant] of this.#tenants) {
      if (tenantId === undefined || id === tenantId) yield* tenant.byAor.values();
    }
  }

  /** The AORs of a tenant, in order. */
  sortedAors(tenantId: TenantId): readonly string[] {
    const tenant = this.#tenants.get(tenantId);
    if (tenant === undefined) return [];
    tenant.sortedAors ??= [...tenant.byAor.keys()].sort();
    return tenant.sortedAors;
  }

  /** The AORs under which a device has bindings, in no order. */
  aorsOf(tenantId: TenantId, macAddress: MacAddress): Iterable<string> {
    return this.#tenants.get(tenantId)?.aorsByDevice.get(macAddress) ?? [];
  }

  /** The bindings of a device, expired ones too. */
  *bindingsOf(tenantId: TenantId, macAddress: MacAddress): Iterable<Binding> {
    for (const aor of this.aorsOf(tenantId, macAddress)) {
      for (const binding of this.find(tenantId, aor)?.bindings ?? []) {
        if (binding.macAddress === macAddress) yield binding;
      }
    }
  }

  /** Puts an entry in place of the AOR's former one; an entry without bindings removes it. */
  set(entry: JournalEntry): void {
    const { tenantId, aor, bindings } = entry;
    const tenant = this.#tenantFor(tenantId);
    const former = tenant.byAor.get(aor);
    if (bindings.length === 0) {
      if (former === undefined) return;
      tenant.byAor.delete(aor);
      tenant.sortedAors = undefined;
      this.#size--;
    } else {
      tenant.byAor.set(aor, entry);
      if (former === undefined) {
        tenant.sortedAors = undefined;
        this.#size++;
      }
    }
    reindex(tenant, aor, former?.bindings ?? [], bindings);
  }

  #tenantFor(tenantId: TenantId): TenantBindings {
    const found = this.#tenants.get(tenantId);
    if (found !== undefined) return found;
    const tenant = { byAor: new Map(), aorsByDevice: new Map(), sortedAors: undefined };
    this.#tenants.set(tenantId, tenant);
    return tenant;
  }
}

function reindex(
  tenant: TenantBindings,
  aor: string,
  former: readonly Binding[],
  bindings: readonly Binding[],
): void {
  for (const { macAddress } of former) {
    if (macAddress === null || bindings.some((other) => other.macAddress === macAddress)) continue;
    const aors = tenant.aorsByDevice.get(macAddress);
    aors?.delete(aor);
    if (aors?.size === 0) tenant.aorsByDevice.delete(macAddress);
  }
  for (const { macAddress } of bindings) {
    if (macAddress === null || former.some((other) => other.macAddress === macAddress)) continue;
    const aors = tenant.aorsByDevice.get(macAddress);
    if (aors === undefined) tenant.aorsByDevice.set(macAddress, new Set([aor]));
    else aors.add(aor);
  }
}
