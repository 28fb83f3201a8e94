import { Text } from "@fluentui/react-components";
import {
  ArrowSyncRegular,
  CheckmarkCircleRegular,
  ClockRegular,
  DismissCircleRegular,
  QuestionCircleRegular,
} from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { DeviceCommand } from "../../api/device-page-types.ts";
import { FactsCard } from "../../parts/facts-card.tsx";
import { commandSentence } from "./command-sentence.ts";
import { Timeline, TimelineRow } from "./timeline.tsx";
import { useActorName } from "./use-actor-name.ts";

const mostShown = 5;

const icons: Readonly<Record<DeviceCommand["status"], ReactNode>> = {
  queued: <ClockRegular />,
  sent: <ArrowSyncRegular />,
  accepted: <CheckmarkCircleRegular />,
  refused: <DismissCircleRegular />,
  "timed-out": <QuestionCircleRegular />,
};

/** What a device was last told to do, and what its phone answered. */
export function CommandsCard({
  commands,
  isOnline,
}: {
  /** Newest first; undefined until they have come. */
  readonly commands: readonly DeviceCommand[] | undefined;
  readonly isOnline: boolean;
}) {
  const { t } = useTranslation();
  const actorName = useActorName();
  return (
    <FactsCard title={t("devicePage.commands")}>
      {commands?.length === 0 && <Text>{t("devicePage.noCommands")}</Text>}
      <Timeline label={t("devicePage.commands")}>
        {commands?.slice(0, mostShown).map((command) => (
          <TimelineRow
            key={command.commandId}
            icon={icons[command.status]}
            isTrouble={command.status === "refused"}
            title={`${t(`deviceAction.${command.command}`)}: ${t(`command.status.${command.status}`)}`}
            at={command.settledAt ?? command.sentAt ?? command.createdAt}
            actor={actorName(command.actor)}
          >
            {commandSentence(t, command, isOnline)}
          </TimelineRow>
        ))}
      </Timeline>
    </FactsCard>
  );
}
