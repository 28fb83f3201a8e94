import type { CommandKind } from "../domain/command.ts";
import type { NotifyOutcome } from "./notify-outcome.ts";

const names: Readonly<Record<CommandKind, string>> = {
  restart: "Restart",
  sync: "Sync",
  "sign-out": "Sign-out",
  reset: "Reset",
};

/** Whether a command takes effect in the gateway, be the phone there to hear of it or not. */
export function isDoneByGateway(kind: CommandKind): boolean {
  return kind === "sign-out" || kind === "reset";
}

/** A line of the history on a command that was settled: what the phone said to it. */
export function describeCommand(kind: CommandKind, outcome: NotifyOutcome): string {
  const text = describe(outcome);
  return isDoneByGateway(kind) ? `${names[kind]}: done; ${text}` : `${names[kind]}: ${text}`;
}

function describe(outcome: NotifyOutcome): string {
  switch (outcome.outcome) {
    case "answered": {
      const verb = outcome.status < 300 ? "accepted" : "refused";
      return `the phone ${verb} it (${outcome.status} ${outcome.reason}).`;
    }
    case "timed-out":
      return "the phone did not answer.";
    case "unreachable":
      return "the phone's connection is gone; it finds out when it next fetches.";
    case "offline":
      return "the phone is not registered; it finds out when it next fetches.";
    case "unknown-vendor":
      return "the phone was not told: nothing is known of how to.";
  }
}
