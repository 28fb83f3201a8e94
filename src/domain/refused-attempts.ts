import type { DeviceEventKind } from "./history.ts";
import type { MacAddress } from "./mac-address.ts";
import { type Recording, recordDeviceEvent } from "./record-device-event.ts";
import type { TenantId } from "./tenant.ts";

/** How much of what strangers do at a device its history takes; the rest is counted. */
export const refusedAttemptLimits = {
  /** The same line again within this time is counted, and told with the next one. */
  repeatMilliseconds: 10 * 60_000,
  /** Lines for one device within `dayMilliseconds`; the last one says that no more follow. */
  mostLinesADay: 24,
  dayMilliseconds: 24 * 60 * 60_000,
  /** Lines, and devices, that are remembered; the oldest go first. */
  mostRemembered: 5_000,
} as const;

/** Whom a history names where nobody proved who he is. */
export const unknownActor = "unknown";

/** Something that was refused at a device. */
export interface RefusedAttempt {
  readonly tenantId: TenantId;
  readonly macAddress: MacAddress;
  readonly kind: Extract<DeviceEventKind, "refused" | "configuration-refused">;
  /** A sentence with the network address that it came from; never a code, password or secret. */
  readonly text: string;
}

interface Line {
  readonly sinceMilliseconds: number;
  repeats: number;
}

interface Day {
  readonly sinceMilliseconds: number;
  lines: number;
}

/**
 * Writes refused attempts into the histories of the devices that they were made at. Anybody can make
 * them, as often as he likes, and a history keeps a bounded number of lines: so that nobody can wash
 * out of it what an administrator has to see, lines are few and repetitions are counted. Counted by
 * each node for itself, in bounded memory.
 */
export class RefusedAttempts {
  readonly #recording: Recording;
  readonly #lines = new Map<string, Line>();
  readonly #days = new Map<string, Day>();

  constructor(recording: Recording) {
    this.#recording = recording;
  }

  /** Writes a line, or counts it. @throws StoreUnavailableError */
  async record(attempt: RefusedAttempt): Promise<void> {
    const now = this.#recording.clock.nowMilliseconds();
    const device = `${attempt.tenantId} ${attempt.macAddress}`;
    const key = `${device} ${attempt.kind} ${attempt.text}`;
    const former = this.#lines.get(key);
    const { repeatMilliseconds, mostLinesADay } = refusedAttemptLimits;
    if (former !== undefined && now - former.sinceMilliseconds < repeatMilliseconds) {
      former.repeats++;
      return;
    }
    const lines = this.#countLine(device, now);
    if (lines > mostLinesADay) return;
    remember(this.#lines, key, { sinceMilliseconds: now, repeats: 0 });
    const text = withCounts(attempt.text, former?.repeats ?? 0, lines === mostLinesADay);
    await recordDeviceEvent(this.#recording, { ...attempt, text, actor: unknownActor });
  }

  /** @returns how many lines there are for this device today, this one included */
  #countLine(device: string, nowMilliseconds: number): number {
    const day = this.#days.get(device);
    if (
      day !== undefined &&
      nowMilliseconds - day.sinceMilliseconds < refusedAttemptLimits.dayMilliseconds
    ) {
      return ++day.lines;
    }
    remember(this.#days, device, { sinceMilliseconds: nowMilliseconds, lines: 1 });
    return 1;
  }
}

function remember<Value>(map: Map<string, Value>, key: string, value: Value): void {
  // Anew at the end: a map gives its keys in the order in which they came.
  map.delete(key);
  map.set(key, value);
  if (map.size <= refusedAttemptLimits.mostRemembered) return;
  const oldest = map.keys().next();
  if (oldest.done !== true) map.delete(oldest.value);
}

function withCounts(text: string, repeats: number, isLast: boolean): string {
  const counted = repeats === 0 ? text : `${text} It had happened ${repeats} more times before.`;
  return isLast ? `${counted} What else is refused within a day is not written here.` : counted;
}
