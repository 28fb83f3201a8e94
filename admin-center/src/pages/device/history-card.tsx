import { Button, Field, makeStyles, Select, Text } from "@fluentui/react-components";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { DeviceEvent } from "../../api/device-page-types.ts";
import type { Page } from "../../api/types.ts";
import type { Resource } from "../../live/use-resource.ts";
import { ErrorNotice } from "../../parts/error-notice.tsx";
import { FactsCard } from "./facts-card.tsx";
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

const useStyles = makeStyles({ older: { alignSelf: "start" } });

/** What happened to a device, the newest first, of one kind or of all. */
export function HistoryCard({
  history: { data, error, reload },
  onOlder,
}: {
  readonly history: Resource<Page<DeviceEvent>>;
  /** Asks for more than is there. */
  readonly onOlder: () => void;
}) {
  const { t } = useTranslation();
  const styles = useStyles();
  const actorName = useActorName();
  const [group, setGroup] = useState<HistoryGroup | "all">("all");
  const shown = filterHistory(data?.items ?? [], group);
  return (
    <FactsCard title={t("history.title")} action={<GroupChoice group={group} onGroup={setGroup} />}>
      {error !== undefined && <ErrorNotice error={error} onRetry={reload} />}
      {data !== undefined && shown.length === 0 && <Text>{t("history.none")}</Text>}
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
      {data !== undefined && data.nextCursor !== null && (
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
  return (
    <Field label={t("history.filter")} orientation="horizontal">
      <Select
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
    </Field>
  );
}
