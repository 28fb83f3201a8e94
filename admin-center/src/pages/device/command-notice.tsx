import {
  Button,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
} from "@fluentui/react-components";
import { DismissRegular } from "@fluentui/react-icons";
import { useTranslation } from "react-i18next";
import type { DeviceCommand } from "../../api/device-page-types.ts";
import { commandSentence } from "./command-sentence.ts";

const intents = {
  queued: "info",
  sent: "info",
  accepted: "success",
  refused: "error",
  "timed-out": "warning",
} as const satisfies Record<DeviceCommand["status"], string>;

/** The command that was just given here, followed to the phone's answer; it is spoken as it changes. */
export function CommandNotice({
  command,
  isOnline,
  onDismiss,
}: {
  readonly command: DeviceCommand | undefined;
  readonly isOnline: boolean;
  readonly onDismiss: () => void;
}) {
  const { t } = useTranslation();
  return (
    <div role="status">
      {command !== undefined && (
        <MessageBar intent={intents[command.status]} layout="multiline">
          <MessageBarBody>
            <MessageBarTitle>{t(`deviceAction.${command.command}`)}</MessageBarTitle>{" "}
            {commandSentence(t, command, isOnline)}
          </MessageBarBody>
          <MessageBarActions
            containerAction={
              <Button
                appearance="transparent"
                icon={<DismissRegular />}
                aria-label={t("action.close")}
                onClick={onDismiss}
              />
            }
          />
        </MessageBar>
      )}
    </div>
  );
}
