import type { DeviceEvent } from "../../api/device-page-types.ts";

/** An event, and what tells its row from others. */
export interface KeyedEvent {
  readonly key: string;
  readonly event: DeviceEvent;
}

/** Events with a key each, which stays theirs when newer ones come; two of one moment may say the same. */
export function keyEvents(events: readonly DeviceEvent[]): readonly KeyedEvent[] {
  const seen = new Map<string, number>();
  return events
    .toReversed()
    .map((event) => {
      const words = `${event.at} ${event.kind} ${event.text}`;
      const before = seen.get(words) ?? 0;
      seen.set(words, before + 1);
      return { key: `${words} ${before}`, event };
    })
    .toReversed();
}
