import { makeStyles, tokens } from "@fluentui/react-components";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { call } from "../../api/call.ts";
import type { DeviceCounts, Health, Statistics } from "../../api/dashboard-types.ts";
import { deviceStates } from "../../api/types.ts";
import { useInventory } from "../../live/use-inventory.ts";
import { useResource } from "../../live/use-resource.ts";
import { ErrorNotice } from "../../parts/error-notice.tsx";
import { TimeText } from "../../parts/time-text.tsx";
import { countDevices } from "../devices/device-filters.ts";
import { linkToState } from "./link-to-state.ts";
import { refreshMilliseconds } from "./refresh-milliseconds.ts";
import { Tile } from "./tile.tsx";

const useStyles = makeStyles({
  tiles: {
    display: "grid",
    gridTemplateColumns: "repeat(auto-fill, minmax(min(100%, 168px), 1fr))",
    gap: tokens.spacingHorizontalM,
    "@media (max-width: 480px)": { gridTemplateColumns: "repeat(2, minmax(0, 1fr))" },
  },
});

/** How many there are of each thing now, each leading to the page that shows them. */
export function Tiles({ policyRefresh }: { readonly policyRefresh: Health["policyRefresh"] }) {
  const { t, i18n } = useTranslation();
  const styles = useStyles();
  const counts = useResource(
    "/devices/counts",
    (signal) => call<DeviceCounts>("/devices/counts", { signal }),
    { concerns: ({ type }) => type === "device", everyMilliseconds: refreshMilliseconds },
  );
  const activity = useResource(
    "/statistics",
    (signal) => call<Statistics>("/statistics", { signal }),
    { concerns: ({ type }) => type === "call", everyMilliseconds: refreshMilliseconds },
  );
  const { devices, status } = useInventory();
  const attention = useMemo(() => countDevices(devices.values()).attention, [devices]);
  const shown = (value: number | undefined) => value?.toLocaleString(i18n.language) ?? "–";
  const { data, error, reload } = counts;
  return (
    <>
      {error !== undefined && <ErrorNotice error={error} onRetry={reload} />}
      <div className={styles.tiles}>
        <Tile to="/devices" name={t("dashboard.devices")} value={shown(data?.total)} />
        <Tile
          to="/devices?filter=online"
          name={t("dashboard.online")}
          value={shown(data?.online)}
          detail={t("dashboard.offline", { count: data?.offline ?? 0 })}
        />
        <Tile
          to="/devices?filter=attention"
          name={t("dashboard.attention")}
          value={shown(status === "complete" ? attention : undefined)}
        />
        <Tile
          to="/calls"
          name={t("dashboard.callsInProgress")}
          value={shown(activity.data?.callsInProgress)}
        />
        <Tile
          to="/policies"
          name={t("dashboard.policyPending")}
          value={shown(policyRefresh?.pendingDevices)}
          {...(policyRefresh?.oldestPendingSince != null && {
            detail: (
              <>
                {t("dashboard.oldest")} <TimeText at={policyRefresh.oldestPendingSince} />
              </>
            ),
          })}
        />
        {deviceStates.map((state) => (
          <Tile
            key={state}
            to={linkToState(state, t(`state.${state}`))}
            name={t(`state.${state}`)}
            value={shown(data?.byState[state])}
          />
        ))}
      </div>
    </>
  );
}
