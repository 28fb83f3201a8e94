import type { Sound } from "../announcements/sound.ts";
import type { Credential } from "../authentication/credential-directory.ts";

/** Who dialled a feature code, proved. */
export interface FeatureCaller {
  readonly credential: Credential;
  /** The network address of his phone. */
  readonly address: string;
}

/** What the caller hears: a sound, or the status and reason phrase that his phone shows. */
export type FeatureOutcome =
  | { readonly ok: true; readonly sound: Sound }
  | { readonly ok: false; readonly status: 403 | 404 | 484 | 503; readonly reason: string };

/** What a feature code does. @throws StoreUnavailableError */
export type FeatureService = (caller: FeatureCaller, argument: string) => Promise<FeatureOutcome>;

/** A refusal. */
export function refuseFeature(status: 403 | 404 | 484 | 503, reason: string): FeatureOutcome {
  return { ok: false, status, reason };
}
