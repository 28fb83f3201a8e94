import {
  Button,
  Link as FluentLink,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  makeStyles,
  SearchBox,
  Tab,
  TabList,
  tokens,
} from "@fluentui/react-components";
import { DismissRegular } from "@fluentui/react-icons";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import type { Device } from "../../api/types.ts";
import { useInventory } from "../../live/use-inventory.ts";
import { ErrorNotice } from "../../parts/error-notice.tsx";
import { PageFrame } from "../../parts/page-frame.tsx";
import { useActivations } from "./use-activations.ts";
import { type WaitingState, waitingDevices } from "./waiting-devices.ts";
import { WaitingForSignIn } from "./waiting-for-sign-in.tsx";
import { WaitingOnActivation } from "./waiting-on-activation.tsx";

const paths: Readonly<Record<WaitingState, string>> = {
  "waiting-on-activation": "/provision",
  "waiting-for-sign-in": "/provision/sign-in",
};
const tabs: readonly WaitingState[] = ["waiting-on-activation", "waiting-for-sign-in"];

const useStyles = makeStyles({
  head: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: tokens.spacingHorizontalM },
  search: {
    flexGrow: 1,
    maxWidth: "320px",
    marginInlineStart: "auto",
    "@media (max-width: 800px)": { flexBasis: "100%", maxWidth: "none" },
  },
  tabs: {
    flexWrap: "wrap",
    maxWidth: "100%",
    marginInlineStart: `calc(-1 * ${tokens.spacingHorizontalMNudge})`,
  },
  panel: {
    flexGrow: 1,
    minHeight: 0,
    display: "flex",
    flexDirection: "column",
    gap: tokens.spacingVerticalM,
  },
});

/** The two tabs, with how many devices wait in each, and a word on each device that moves between them. */
export function ProvisionTabs({ tab }: { readonly tab: WaitingState }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const navigate = useNavigate();
  const view = useInventory();
  const waiting = useMemo(() => waitingDevices(view.devices.values()), [view.devices]);
  const { activated, forget } = useActivations(view);
  const [search, setSearch] = useState("");
  const isLoading = view.status === "loading";

  return (
    <PageFrame title={t("provision.title")} lead={t("provision.lead")}>
      {view.error !== undefined && <ErrorNotice error={view.error} />}
      <div role="status">
        {activated.length > 0 && <ActivationNotice devices={activated} onClose={forget} />}
      </div>
      <div className={styles.head}>
        <TabList
          className={styles.tabs}
          selectedValue={tab}
          onTabSelect={(_, { value }) => void navigate(paths[value as WaitingState])}
        >
          {tabs.map((one) => (
            <Tab key={one} id={`tab-${one}`} value={one} aria-controls="provision-panel">
              {t("provision.tab", {
                state: t(`state.${one}`),
                count: waiting[one].length,
              })}
            </Tab>
          ))}
        </TabList>
        <SearchBox
          className={styles.search}
          aria-label={t("provision.search")}
          placeholder={t("provision.search")}
          value={search}
          onChange={(_, { value }) => setSearch(value)}
        />
      </div>
      <div
        id="provision-panel"
        role="tabpanel"
        aria-labelledby={`tab-${tab}`}
        className={styles.panel}
      >
        {tab === "waiting-on-activation" ? (
          <WaitingOnActivation devices={waiting[tab]} search={search} isLoading={isLoading} />
        ) : (
          <WaitingForSignIn devices={waiting[tab]} search={search} isLoading={isLoading} />
        )}
      </div>
    </PageFrame>
  );
}

function ActivationNotice({
  devices,
  onClose,
}: {
  readonly devices: readonly Device[];
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [latest] = devices;
  if (latest === undefined) return null;
  const { macAddress, location } = latest;
  return (
    <MessageBar intent="success" layout="multiline">
      <MessageBarBody>
        {t("provision.activated", {
          count: devices.length,
          device: location === "" ? macAddress : `${location} (${macAddress})`,
        })}{" "}
        <FluentLink
          inline
          onClick={() => {
            onClose();
            void navigate(paths["waiting-for-sign-in"]);
          }}
        >
          {t("provision.showWaitingForSignIn")}
        </FluentLink>
      </MessageBarBody>
      <MessageBarActions
        containerAction={
          <Button
            appearance="transparent"
            icon={<DismissRegular />}
            aria-label={t("action.close")}
            onClick={onClose}
          />
        }
      />
    </MessageBar>
  );
}
