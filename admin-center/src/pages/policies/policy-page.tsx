import { Button, makeStyles, Spinner, tokens } from "@fluentui/react-components";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useParams } from "react-router";
import type { CallingPolicy } from "../../api/user-types.ts";
import { inventory } from "../../live/inventory.ts";
import { useInventory } from "../../live/use-inventory.ts";
import { usePolicies } from "../../live/use-policies.ts";
import { ErrorNotice } from "../../parts/error-notice.tsx";
import { PageFrame } from "../../parts/page-frame.tsx";
import { formatDateTime } from "../../parts/time-text.tsx";
import { useMay } from "../../session/session-context.ts";
import { DeletePolicyDialog } from "./delete-policy-dialog.tsx";
import { phonesOfPolicy } from "./policy-phones.ts";
import { PolicyProgressView } from "./policy-progress.tsx";
import { PolicySettingsCard } from "./policy-settings.tsx";

const useStyles = makeStyles({
  columns: {
    flexGrow: 1,
    minHeight: 0,
    display: "grid",
    gridTemplateColumns: "minmax(300px, 360px) minmax(0, 1fr)",
    gridTemplateRows: "minmax(0, 1fr)",
    gap: tokens.spacingHorizontalL,
    "@media (max-width: 1000px)": {
      flexShrink: 0,
      minHeight: "max-content",
      gridTemplateColumns: "minmax(0, 1fr)",
      gridTemplateRows: "auto 480px",
    },
  },
});

/** A calling policy: its settings, and which phones have them. */
export default function PolicyPage() {
  const { t } = useTranslation();
  const { name = "" } = useParams();
  const { data, error, reload } = usePolicies();
  const policy = data?.find((one) => one.name.toLowerCase() === name.toLowerCase());
  if (policy !== undefined) return <ShownPolicy policy={policy} onChanged={reload} />;
  return (
    <PageFrame title={name}>
      {error !== undefined && <ErrorNotice error={error} onRetry={reload} />}
      {data === undefined && error === undefined && <Spinner label={t("table.loading")} />}
      {data !== undefined && (
        <p>
          {t("policies.gone")} <Link to="/policies">{t("policies.title")}</Link>
        </p>
      )}
    </PageFrame>
  );
}

function ShownPolicy({
  policy,
  onChanged,
}: {
  readonly policy: CallingPolicy;
  readonly onChanged: () => void;
}) {
  const { t, i18n } = useTranslation();
  const styles = useStyles();
  const navigate = useNavigate();
  const mayEdit = useMay("administrator");
  const isGlobal = policy.name.toLowerCase() === "global";
  const [isDeleting, setDeleting] = useState(false);
  const { devices, error } = useInventory();
  const phones = useMemo(() => phonesOfPolicy(devices.values(), policy), [devices, policy]);

  function saved(): void {
    onChanged();
    for (const { device } of phones) inventory.touch(device.macAddress);
  }

  return (
    <PageFrame
      title={policy.name}
      lead={t("policies.versionSince", {
        version: policy.version,
        time: formatDateTime(policy.changedAt, i18n.language),
      })}
      actions={
        <>
          <Link to="/policies">{t("policies.all")}</Link>
          {mayEdit && !isGlobal && (
            <Button onClick={() => setDeleting(true)}>{t("policies.delete")}</Button>
          )}
        </>
      }
    >
      {error !== undefined && <ErrorNotice error={error} />}
      <div className={styles.columns}>
        <PolicySettingsCard policy={policy} devices={phones.length} onSaved={saved} />
        <PolicyProgressView policy={policy} phones={phones} />
      </div>
      {isDeleting && (
        <DeletePolicyDialog
          name={policy.name}
          onClose={() => setDeleting(false)}
          onDeleted={() => void navigate("/policies")}
        />
      )}
    </PageFrame>
  );
}
