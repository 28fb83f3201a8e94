import { Button, Label, makeStyles, Select, Text, tokens } from "@fluentui/react-components";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import type { DeviceEvent } from "../../api/device-page-types.ts";
import type { Page } from "../../api/types.ts";
import { FactsCard } from "../../parts/facts-card.tsx";
import {
  filterHistory,
  type HistoryGroup,
  historyGroupOf,
  historyGroups,
  isTrouble,
} from "./history-groups.ts";
import { historyIcons } from "./history-icons.tsx";
import { keyEvents } from "./key-events.ts";
import { Timeline, TimelineRow } from "./timeline.tsx";
import { useActorName } from "./use-actor-name.ts";

const useStyles = makeStyles({
  older: { alignSelf: "start" },
  choice: { display: "flex", alignItems: "center", gap: tokens.spacingHorizontalS },
});

/** What happened to a device, the newest first, of one kind or of all. */
export function HistoryCard({
  history,
  onOlder,
}: {
  /** Undefined until it has come. */
  readonly history: Page<DeviceEvent> | undefined;
  /** Asks for more than is there. */
  readonly onOlder: () => void;
}) {
  const { t } = useTranslation();
  const styles = useStyles();
  const actorName = useActorName();
  const [group, setGroup] = useState<HistoryGroup | "all">("all");
  const shown = filterHistory(history?.items ?? [], group);
  return (
    <FactsCard title={t("history.title")} action={<GroupChoice group={group} onGroup={setGroup} />}>
      {history !== undefined && shown.length === 0 && <Text>{t("history.none")}</Text>}
      <Timeline label={t("history.title")}>
        {keyEvents(shown).map(({ key, event: { at, kind, text, actor } }) => (
          <TimelineRow
            key={key}
            icon={historyIcons[historyGroupOf(kind)]}
            isTrouble={isTrouble(kind)}
            title={t(`history.kind.${kind}`, { defaultValue: kind })}
            at={at}
            actor={actorName(actor)}
          >
            {text}
          </TimelineRow>
        ))}
      </Timeline>
      {history !== undefined && history.nextCursor !== null && (
        <Button className={styles.older} onClick={onOlder}>
          {t("history.older")}
        </Button>
      )}
    </FactsCard>
  );
}

function GroupChoice({
  group,
  onGroup,
}: {
  readonly group: HistoryGroup | "all";
  readonly onGroup: (group: HistoryGroup | "all") => void;
}) {
  const { t } = useTranslation();
  const styles = useStyles();
  const id = useId();
  return (
    <span className={styles.choice}>
      <Label htmlFor={id}>{t("history.filter")}</Label>
      <Select
        id={id}
        value={group}
        onChange={(_, { value }) => onGroup(historyGroups.find((one) => one === value) ?? "all")}
      >
        <option value="all">{t("history.all")}</option>
        {historyGroups.map((one) => (
          <option key={one} value={one}>
            {t(`history.group.${one}`)}
          </option>
        ))}
      </Select>
    </span>
  );
}
