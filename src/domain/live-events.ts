import type { TenantId } from "./tenant.ts";

/** Something that just changed, for pages that are open: what, not how; they fetch the rest. */
export interface LiveEvent {
  readonly type: "device" | "registration" | "call" | "command" | "user" | "policy";
  readonly tenantId: TenantId;
  readonly atMilliseconds: number;
  /** What it is about: MAC address, AOR, Call-ID, command id, UPN, name of a policy. */
  readonly subject: string;
  /** What became of it, for example `enrolled`, `registered`, `ended`. */
  readonly change: string;
}

/** Carries live events to every node. Delivery is best effort: a page that missed one fetches anew. */
export interface LiveEventChannel {
  publish(event: LiveEvent): void;
  /** @returns a function that ends the subscription. */
  subscribe(listener: (event: LiveEvent) => void): () => void;
}
