import { type Timekeeper, within } from "./within.ts";

/** Something the gateway cannot do without. */
export interface HealthCheck {
  /** Names it for an operator: `storage`, `sip`. */
  readonly name: string;
  /** Resolves when it works; what it throws says why not. */
  readonly check: () => Promise<void>;
}

/** Whether the gateway can serve, and what fails when not. */
export interface Readiness {
  readonly ready: boolean;
  readonly checks: readonly { readonly name: string; readonly ok: boolean }[];
}

/** Longest wait for one check. */
export const checkBoundMilliseconds = 2000;

/**
 * Asks every check at once, each within a bound. Why one fails is told to `onFailure`, not to who
 * asked: a health page is open to all.
 */
export async function checkReadiness(
  checks: readonly HealthCheck[],
  time: Timekeeper,
  onFailure: (name: string, error: unknown) => void,
): Promise<Readiness> {
  const results = await Promise.all(
    checks.map(async ({ name, check }) => {
      try {
        await within(time, checkBoundMilliseconds, check);
        return { name, ok: true };
      } catch (error) {
        onFailure(name, error);
        return { name, ok: false };
      }
    }),
  );
  return { ready: results.every(({ ok }) => ok), checks: results };
}
