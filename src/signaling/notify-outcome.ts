import type { RequestOutcome } from "../../sip/user-agent/user-agent-client.ts";

/** What a phone said to a NOTIFY. */
export type NotifyOutcome =
  | { readonly outcome: "answered"; readonly status: number; readonly reason: string }
  | { readonly outcome: "timed-out" }
  | { readonly outcome: "unreachable" }
  | { readonly outcome: "offline" }
  | { readonly outcome: "unknown-vendor" };

/** How a NOTIFY's transaction ended, in the notifier's words. */
export function readOutcome(outcome: RequestOutcome): NotifyOutcome {
  switch (outcome.kind) {
    case "response": {
      const { status, reason } = outcome.response;
      return { outcome: "answered", status, reason };
    }
    case "timeout":
      return { outcome: "timed-out" };
    case "transport-error":
      return { outcome: "unreachable" };
  }
}

/** A line of the history on a phone that was asked to fetch. */
export function describeResync(outcome: NotifyOutcome): string {
  switch (outcome.outcome) {
    case "answered":
      return outcome.status < 300
        ? "The phone was asked to fetch its configuration and agreed."
        : `The phone was asked to fetch its configuration and refused (${outcome.status}).`;
    case "timed-out":
      return "The phone was asked to fetch its configuration and did not answer.";
    case "unreachable":
      return "The phone could not be asked to fetch its configuration: its connection is gone.";
    case "offline":
      return "The phone could not be asked to fetch its configuration: it is not registered.";
    case "unknown-vendor":
      return "The phone was not asked to fetch its configuration: its vendor is not known.";
  }
}
