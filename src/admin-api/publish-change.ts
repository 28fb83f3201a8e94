import type { LiveEvent } from "../domain/live-events.ts";
import type { Stores } from "../domain/stores.ts";
import type { Tenant } from "../domain/tenant.ts";
import type { TimeSource } from "../domain/time-source.ts";

/** Tells open pages that an administrator has changed something. */
export function publishChange(
  {
    stores,
    clock,
    tenant,
  }: {
    readonly stores: Pick<Stores, "liveEvents">;
    readonly clock: TimeSource;
    readonly tenant: Tenant;
  },
  { type, subject, change }: Pick<LiveEvent, "type" | "subject" | "change">,
): void {
  const atMilliseconds = clock.nowMilliseconds();
  stores.liveEvents.publish({ type, tenantId: tenant.id, atMilliseconds, subject, change });
}
