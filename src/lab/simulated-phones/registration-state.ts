/** Where a phone stands with its registrar. */
export type RegistrationState =
  | { readonly kind: "unregistered" }
  | { readonly kind: "registering" }
  | {
      readonly kind: "registered";
      /** What the registrar granted. */
      readonly expiresSeconds: number;
      readonly expiresAtMilliseconds: number;
    }
  /** `status` is 408 where no answer came and 503 where nothing could be sent (RFC 3261 §8.1.3.1). */
  | { readonly kind: "refused"; readonly status: number; readonly reason: string };
