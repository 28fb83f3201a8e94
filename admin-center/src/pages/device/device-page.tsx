import { Badge, makeStyles, Spinner, tokens } from "@fluentui/react-components";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate, useParams } from "react-router";
import type { Device } from "../../api/types.ts";
import { ErrorNotice } from "../../parts/error-notice.tsx";
import { PageFrame } from "../../parts/page-frame.tsx";
import { StateBadge } from "../../parts/state-badge.tsx";
import { ActionBar } from "./action-bar.tsx";
import { ActivationCard } from "./activation-card.tsx";
import { AttentionList } from "./attention-list.tsx";
import { CommandNotice } from "./command-notice.tsx";
import { CommandsCard } from "./commands-card.tsx";
import { HistoryCard } from "./history-card.tsx";
import { PersonCard } from "./person-card.tsx";
import { PhoneCard } from "./phone-card.tsx";
import { PolicyCard } from "./policy-card.tsx";
import { RegistrationCard } from "./registration-card.tsx";
import { RequestsCard } from "./requests-card.tsx";
import { UnknownDevice } from "./unknown-device.tsx";
import { type DeviceResources, useDeviceResources } from "./use-device-resources.ts";

const useStyles = makeStyles({
  content: { display: "grid", gap: tokens.spacingVerticalM },
  badges: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS },
  columns: {
    display: "grid",
    gridTemplateColumns: "repeat(auto-fit, minmax(min(100%, 380px), 1fr))",
    gap: tokens.spacingHorizontalM,
    alignItems: "start",
  },
  column: { display: "grid", gap: tokens.spacingVerticalM, minWidth: 0 },
});

/** The page of one device: `/devices/80:5e:c0:aa:bb:cc`. */
export default function DevicePage() {
  const { macAddress = "" } = useParams();
  // One device's page is not changed into another's: what was asked for one is forgotten.
  return <OneDevice key={macAddress} macAddress={macAddress} />;
}

function OneDevice({ macAddress }: { readonly macAddress: string }) {
  const { t } = useTranslation();
  const resources = useDeviceResources(macAddress);
  const { data: device, error } = resources.device;
  if (error?.status === 404 || error?.status === 400) {
    return <UnknownDevice macAddress={macAddress} error={error} resources={resources} />;
  }
  if (device !== undefined) return <KnownDevice device={device} resources={resources} />;
  return (
    <PageFrame title={macAddress}>
      {error === undefined ? (
        <Spinner label={t("table.loading")} />
      ) : (
        <ErrorNotice error={error} onRetry={resources.device.reload} />
      )}
    </PageFrame>
  );
}

function KnownDevice({
  device,
  resources,
}: {
  readonly device: Device;
  readonly resources: DeviceResources;
}) {
  const { t } = useTranslation();
  const styles = useStyles();
  const navigate = useNavigate();
  const [followed, setFollowed] = useState<string>();
  const { commands, history, registrations } = resources;
  const error = [resources.device, registrations, history, commands].find(
    (resource) => resource.error !== undefined,
  )?.error;
  const phone = [device.vendor, device.model].filter(Boolean).join(" ");
  return (
    <PageFrame
      title={device.macAddress}
      lead={[device.location, phone].filter((part) => part !== "").join(" · ")}
      actions={
        <ActionBar
          device={device}
          onDone={(action, commandId) => {
            if (action === "delete") return void navigate("/devices");
            setFollowed(commandId);
            resources.reload();
          }}
        />
      }
    >
      <div className={styles.content}>
        <div className={styles.badges}>
          <StateBadge device={device} />
          <Badge appearance="tint" color={device.online ? "success" : "informative"}>
            {t(device.online ? "devicePage.online" : "devicePage.offline")}
          </Badge>
        </div>
        {error !== undefined && <ErrorNotice error={error} onRetry={resources.reload} />}
        <CommandNotice
          command={commands.data?.items.find(({ commandId }) => commandId === followed)}
          isOnline={device.online}
          onDismiss={() => {
            setFollowed(undefined);
            // Its button goes with it; the keyboard stays on the page.
            document.getElementById("page")?.focus();
          }}
        />
        <AttentionList attention={device.attention} />
        <div className={styles.columns}>
          <div className={styles.column}>
            <ActivationCard device={device} />
            <PersonCard device={device} />
            <PhoneCard device={device} onChanged={resources.reload} />
            <RequestsCard lastRequest={device.lastRequest} events={history.data?.items ?? []} />
          </div>
          <div className={styles.column}>
            <RegistrationCard device={device} registrations={registrations.data?.items} />
            <PolicyCard policy={device.policy} />
            <CommandsCard commands={commands.data?.items} isOnline={device.online} />
          </div>
        </div>
        <HistoryCard history={history.data} onOlder={resources.readOlder} />
      </div>
    </PageFrame>
  );
}
