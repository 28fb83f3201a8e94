import type { DatabaseSync } from "node:sqlite";
import type {
  Binding,
  BindingDecision,
  BindingQuery,
  BindingStore,
  DeviceRegistration,
} from "../../domain/binding.ts";
import type { Page } from "../../domain/device.ts";
import type { MacAddress } from "../../domain/mac-address.ts";
import type { TenantId } from "../../domain/tenant.ts";
import { BindingPage, placeOfCursor } from "../binding-page.ts";
import { liveBindings, registrationOver } from "../binding-rules.ts";
import { BindingJournal, type JournalEntry } from "./binding-journal.ts";
import { BindingTable } from "./binding-table.ts";
import type { GroupCommit } from "./group-commit.ts";

/** What an AOR's bindings shall be. */
interface Change {
  readonly tenantId: TenantId;
  readonly aor: string;
  readonly bindings: readonly Binding[];
}

/**
 * Bindings in a journal in SQLite, and all of them in memory besides, as this process is the
 * file's only writer: about 1 KB for each.
 */
export class SqliteBindingStore implements BindingStore {
  readonly #group: GroupCommit;
  readonly #journal: BindingJournal;
  readonly #table = new BindingTable();

  constructor(database: DatabaseSync, group: GroupCommit) {
    this.#group = group;
    this.#journal = new BindingJournal(database);
    for (const entry of this.#journal.readAll()) this.#table.set(entry);
  }

  async update<Decision extends BindingDecision>(
    tenantId: TenantId,
    aor: string,
    nowMilliseconds: number,
    decide: (current: readonly Binding[]) => Decision,
  ): Promise<Decision> {
    const stored = this.#table.find(tenantId, aor)?.bindings ?? [];
    const decision = decide(liveBindings(stored, nowMilliseconds));
    const { bindings } = decision;
    if (bindings === undefined || (bindings.length === 0 && stored.length === 0)) {
      return this.#group.read(() => decision);
    }
    await this.#write([{ tenantId, aor, bindings }]);
    return decision;
  }

  find(tenantId: TenantId, aor: string, nowMilliseconds: number): Promise<readonly Binding[]> {
    return this.#group.read(() => this.#live(tenantId, aor, nowMilliseconds));
  }

  list(tenantId: TenantId, query: BindingQuery): Promise<Page<Binding>> {
    return this.#group.read(() => {
      const place = placeOfCursor(query.cursor);
      const page = new BindingPage(query.limit, place);
      const aors = this.#aorsFor(tenantId, query);
      for (let index = indexOfFirstFrom(aors, place.aor); index < aors.length; index++) {
        const aor = aors[index] ?? "";
        const live = this.#live(tenantId, aor, query.nowMilliseconds);
        const matching =
          query.macAddress === undefined
            ? live
            : live.filter((binding) => binding.macAddress === query.macAddress);
        if (!page.add(aor, matching)) break;
      }
      return page.finish();
    });
  }

  registrationsOf(
    tenantId: TenantId,
    macAddresses: readonly MacAddress[],
    nowMilliseconds: number,
  ): Promise<readonly (DeviceRegistration | undefined)[]> {
    return this.#group.read(() =>
      macAddresses.map((macAddress) => {
        const bindings = [...this.#table.bindingsOf(tenantId, macAddress)];
        return registrationOver(liveBindings(bindings, nowMilliseconds));
      }),
    );
  }

  /** Whether a live binding stands for the device, as things are now. */
  isOnline(tenantId: TenantId, macAddress: MacAddress, nowMilliseconds: number): boolean {
    for (const binding of this.#table.bindingsOf(tenantId, macAddress)) {
      if (binding.expiresAtMilliseconds > nowMilliseconds) return true;
    }
    return false;
  }

  count(tenantId: TenantId, nowMilliseconds: number): Promise<number> {
    return this.#group.read(() => {
      let count = 0;
      for (const { bindings } of this.#table.entries(tenantId)) {
        count += liveBindings(bindings, nowMilliseconds).length;
      }
      return count;
    });
  }

  countOnlineDevices(tenantId: TenantId, nowMilliseconds: number): Promise<number> {
    return this.#group.read(() => {
      const online = new Set<MacAddress>();
      for (const { bindings } of this.#table.entries(tenantId)) {
        for (const { macAddress } of liveBindings(bindings, nowMilliseconds)) {
          if (macAddress !== null) online.add(macAddress);
        }
      }
      return online.size;
    });
  }

  async removeByDevice(tenantId: TenantId, macAddress: MacAddress): Promise<number> {
    const changes: Change[] = [];
    let removed = 0;
    for (const aor of this.#table.aorsOf(tenantId, macAddress)) {
      const bindings = this.#table.find(tenantId, aor)?.bindings ?? [];
      const others = bindings.filter((binding) => binding.macAddress !== macAddress);
      removed += bindings.length - others.length;
      changes.push({ tenantId, aor, bindings: others });
    }
    await this.#write(changes);
    return removed;
  }

  async removeExpired(beforeMilliseconds: number, limit: number): Promise<number> {
    const changes: Change[] = [];
    let removed = 0;
    for (const { tenantId, aor, bindings } of this.#table.entries()) {
      if (removed >= limit) break;
      const isDue = (binding: Binding) => binding.expiresAtMilliseconds < beforeMilliseconds;
      const due = bindings.filter(isDue).slice(0, limit - removed);
      if (due.length === 0) continue;
      removed += due.length;
      changes.push({ tenantId, aor, bindings: bindings.filter((one) => !due.includes(one)) });
    }
    await this.#write(changes);
    return removed;
  }

  #live(tenantId: TenantId, aor: string, nowMilliseconds: number): readonly Binding[] {
    return liveBindings(this.#table.find(tenantId, aor)?.bindings ?? [], nowMilliseconds);
  }

  #aorsFor(tenantId: TenantId, query: BindingQuery): readonly string[] {
    if (query.aor !== undefined) return [query.aor];
    if (query.macAddress === undefined) return this.#table.sortedAors(tenantId);
    return [...this.#table.aorsOf(tenantId, query.macAddress)].sort();
  }

  /** Writes the journal first and memory after it, so that a failed write has changed neither. */
  #write(changes: readonly Change[]): Promise<void> {
    if (changes.length === 0) return this.#group.read(() => undefined);
    const trims = this.#journal.needsTrimming(this.#table.size);
    const single = changes.length === 1 && !trims;
    let former: JournalEntry[] = [];
    const work = () => {
      const entries = changes.map((one) =>
        this.#journal.append(one.tenantId, one.aor, one.bindings),
      );
      const current = (entry: JournalEntry) =>
        this.#table.find(entry.tenantId, entry.aor) ?? { ...entry, bindings: [] };
      former = entries.map(current);
      for (const entry of entries) this.#table.set(entry);
      if (!trims) return;
      const renewed = this.#journal.trim((tenantId, aor) => this.#table.find(tenantId, aor));
      former.push(...renewed.map(current));
      for (const entry of renewed) this.#table.set(entry);
    };
    const undo = () => {
      for (const entry of former.reverse()) this.#table.set(entry);
    };
    return single ? this.#group.write(work, undo) : this.#group.writeSeveral(work, undo);
  }
}

/** Where in the sorted texts the first stands that is not before `from`. */
function indexOfFirstFrom(texts: readonly string[], from: string): number {
  let low = 0;
  let high = texts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((texts[middle] ?? "") < from) low = middle + 1;
    else high = middle;
  }
  return low;
}
