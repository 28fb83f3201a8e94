import type { TFunction } from "i18next";
import type { DeviceCommand } from "../../api/device-page-types.ts";

/** How a command stands, in a sentence: what the phone answered, or what is waited for. */
export function commandSentence(
  t: TFunction,
  { status, answer, command }: DeviceCommand,
  isOnline: boolean,
): string {
  switch (status) {
    case "queued":
      return t(isOnline ? "command.queuedNow" : "command.queuedForLater");
    case "sent":
      return t("command.sent");
    case "accepted":
      if (answer === null) return t("command.done");
      return command === "sign-out" || command === "reset"
        ? t("command.doneAndAccepted", { ...answer })
        : t("command.accepted", { ...answer });
    case "refused":
      return answer === null ? t("command.notTold") : t("command.refused", { ...answer });
    case "timed-out":
      return t("command.timedOut");
  }
}

/** Whether a command has come to its end. */
export function isSettled({ status }: Pick<DeviceCommand, "status">): boolean {
  return status !== "queued" && status !== "sent";
}
