import type { SignInStatus, StartedSignIn } from "../api/sign-in-types.ts";

/** How a sign-in that was begun on this page stands, as its dialog shows it. */
export type SignInStanding =
  | { readonly kind: "waiting" }
  /** Somebody began another one on the device: this pairing code leads nowhere any more. */
  | { readonly kind: "replaced" }
  | { readonly kind: "expired" }
  | { readonly kind: "failed"; readonly reason: string }
  /** A user is signed in; the phone is on its way to him. */
  | { readonly kind: "told" | "fetched" | "registered"; readonly upn: string }
  /** A user was signed in and is not any more. */
  | { readonly kind: "ended" };

/**
 * What the gateway's last word on a device's sign-in means for the one begun here.
 * @param status undefined until the gateway was asked for the first time
 */
export function signInStanding(
  started: StartedSignIn,
  status: SignInStatus | undefined,
): SignInStanding {
  if (status === undefined) return { kind: "waiting" };
  if (status.expiresAt !== started.expiresAt) return { kind: "replaced" };
  switch (status.status) {
    case "pending":
      return { kind: "waiting" };
    case "expired":
      return { kind: "expired" };
    case "failed":
      return { kind: "failed", reason: status.reason ?? "" };
    case "completed":
      if (status.phone === null) return { kind: "ended" };
      return { kind: status.phone.step, upn: status.upn ?? "" };
  }
}

/** Whether nothing more will come of it. */
export function isSettled({ kind }: SignInStanding): boolean {
  return kind !== "waiting" && kind !== "told" && kind !== "fetched";
}

/** Whether beginning again is what to do. */
export function mayBeginAgain({ kind }: SignInStanding): boolean {
  return kind === "replaced" || kind === "expired" || kind === "failed";
}

const steps = ["waiting", "told", "fetched", "registered"] as const;

/** A step of a sign-in's way, and whether it is behind, now, or still to come. */
export interface SignInStep {
  readonly name: (typeof steps)[number];
  readonly place: "done" | "now" | "to-come";
}

/** The way from the pairing code to the registered phone; none where the sign-in came to nothing. */
export function signInSteps({ kind }: SignInStanding): readonly SignInStep[] {
  const reached = (steps as readonly string[]).indexOf(kind);
  if (reached === -1) return [];
  // `waiting` is under way while it stands; the others name what the phone has already done.
  const now = kind === "waiting" ? 0 : reached + 1;
  return steps.map((name, index) => ({
    name,
    place: index < now ? "done" : index === now ? "now" : "to-come",
  }));
}
