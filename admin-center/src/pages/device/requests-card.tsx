import { Text } from "@fluentui/react-components";
import { CheckmarkCircleRegular, DismissCircleRegular } from "@fluentui/react-icons";
import { useTranslation } from "react-i18next";
import type { DeviceEvent } from "../../api/device-page-types.ts";
import type { Device } from "../../api/types.ts";
import { Fact, Facts } from "../../parts/facts.tsx";
import { FactsCard } from "../../parts/facts-card.tsx";
import { filterHistory, isTrouble } from "./history-groups.ts";
import { keyEvents } from "./key-events.ts";
import { Timeline, TimelineRow } from "./timeline.tsx";

const mostShown = 5;

/** A device's last provisioning requests, and how they were answered. */
export function RequestsCard({
  lastRequest,
  events,
}: {
  readonly lastRequest: Device["lastRequest"];
  /** What is known of its history. */
  readonly events: readonly DeviceEvent[];
}) {
  const { t } = useTranslation();
  const requests = filterHistory(events, "provisioning").slice(0, mostShown);
  return (
    <FactsCard title={t("devicePage.requests")}>
      {lastRequest === null ? (
        <Text>{t("devicePage.noRequest")}</Text>
      ) : (
        <LastRequest request={lastRequest} />
      )}
      {requests.length > 0 && (
        <Timeline label={t("devicePage.requests")}>
          {keyEvents(requests).map(({ key, event: { at, kind, text } }) => (
            <TimelineRow
              key={key}
              icon={isTrouble(kind) ? <DismissCircleRegular /> : <CheckmarkCircleRegular />}
              isTrouble={isTrouble(kind)}
              title={t(`history.kind.${kind}`)}
              at={at}
            >
              {text}
            </TimelineRow>
          ))}
        </Timeline>
      )}
    </FactsCard>
  );
}

function LastRequest({ request }: { readonly request: NonNullable<Device["lastRequest"]> }) {
  const { t } = useTranslation();
  const { path, userAgent, status, note } = request;
  return (
    <Facts>
      <Fact name={t("devicePage.lastPath")}>{path}</Fact>
      <Fact name={t("devicePage.answer")}>
        {t("devicePage.httpStatus", { status })}
        {note !== "" && <> {note}</>}
      </Fact>
      <Fact name={t("devicePage.userAgent")}>{userAgent}</Fact>
    </Facts>
  );
}
