import { Button, useRestoreFocusTarget } from "@fluentui/react-components";
import { ArrowDownloadRegular, DocumentTableRegular } from "@fluentui/react-icons";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import type { Device } from "../../api/types.ts";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { SignInDialog } from "../../parts/sign-in-dialog.tsx";
import type { SortOrder } from "../../parts/sort-rows.ts";
import { useMay } from "../../session/session-context.ts";
import { downloadBulkSignInFile } from "./export-codes.ts";
import { phoneColumns } from "./provision-columns.tsx";
import { TabToolbar } from "./tab-toolbar.tsx";
import { searchWaiting } from "./waiting-devices.ts";

/** The tab of the devices that are enrolled and wait for a user. */
export function WaitingForSignIn({
  devices,
  search,
  isLoading,
}: {
  readonly devices: readonly Device[];
  readonly search: string;
  readonly isLoading: boolean;
}) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const maySignIn = useMay("administrator");
  const [order, setOrder] = useState<SortOrder>({ column: "macAddress", descending: false });
  const [signingIn, setSigningIn] = useState<Device>();
  const rows = useMemo(() => searchWaiting(devices, search), [devices, search]);
  const columns = useMemo(
    (): readonly Column<Device>[] => [
      ...phoneColumns(t),
      ...(maySignIn
        ? [signInColumn(t("provision.bulk.user"), t("provision.signIn"), setSigningIn)]
        : []),
    ],
    [t, maySignIn],
  );
  const none = devices.length === 0 ? "provision.noneForSignIn" : "provision.noneFound";

  return (
    <>
      <TabToolbar>
        <Button
          icon={<DocumentTableRegular />}
          onClick={() => void navigate("/provision/bulk-sign-in")}
        >
          {t("provision.bulk.open")}
        </Button>
        <Button
          icon={<ArrowDownloadRegular />}
          disabled={rows.length === 0}
          onClick={() => downloadBulkSignInFile(rows)}
        >
          {t("provision.bulk.prepare")}
        </Button>
      </TabToolbar>
      <DataTable
        label={t("state.waiting-for-sign-in")}
        columns={columns}
        rows={rows}
        keyOf={({ macAddress }) => macAddress}
        nameOf={({ macAddress, location }) => `${macAddress} ${location}`.trim()}
        order={order}
        onOrder={setOrder}
        empty={t(isLoading ? "table.loading" : none)}
      />
      {signingIn !== undefined && (
        <SignInDialog device={signingIn} onClose={() => setSigningIn(undefined)} />
      )}
    </>
  );
}

function signInColumn(
  header: string,
  label: string,
  onSignIn: (device: Device) => void,
): Column<Device> {
  return {
    id: "signIn",
    label: header,
    width: "160px",
    render: (device) => <SignInButton label={label} device={device} onSignIn={onSignIn} />,
  };
}

function SignInButton({
  label,
  device,
  onSignIn,
}: {
  readonly label: string;
  readonly device: Device;
  readonly onSignIn: (device: Device) => void;
}) {
  return (
    <Button
      {...useRestoreFocusTarget()}
      size="small"
      aria-label={`${label}: ${device.macAddress} ${device.location}`.trim()}
      onClick={() => onSignIn(device)}
    >
      {label}
    </Button>
  );
}
