import {
  Button,
  MessageBar,
  MessageBarBody,
  makeStyles,
  Subtitle2,
  tokens,
} from "@fluentui/react-components";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { type ApiError, asApiError } from "../../api/api-error.ts";
import { call } from "../../api/call.ts";
import { type CallingPolicy, policyPath } from "../../api/user-types.ts";
import { ErrorNotice } from "../../parts/error-notice.tsx";
import { useMay } from "../../session/session-context.ts";
import { type PolicyEdits, signsOut, withEdit } from "./policy-edits.ts";
import { PolicySwitches } from "./policy-switches.tsx";
import { SignOutPolicyDialog } from "./sign-out-policy-dialog.tsx";

const useStyles = makeStyles({
  card: {
    display: "flex",
    flexDirection: "column",
    gap: tokens.spacingVerticalM,
    padding: tokens.spacingHorizontalL,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground1,
    overflowY: "auto",
    "@media (max-width: 1000px)": { overflowY: "visible" },
  },
  title: { margin: 0 },
  foot: {
    position: "sticky",
    bottom: `calc(-1 * ${tokens.spacingHorizontalL})`,
    display: "grid",
    gap: tokens.spacingVerticalS,
    padding: `${tokens.spacingVerticalM} 0`,
    marginBlockEnd: `calc(-1 * ${tokens.spacingHorizontalL})`,
    backgroundColor: tokens.colorNeutralBackground1,
    // Above the switches, which are placed.
    zIndex: 1,
  },
  actions: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS },
});

/** A policy's settings, to switch and save. */
export function PolicySettingsCard({
  policy,
  devices,
  onSaved,
}: {
  readonly policy: CallingPolicy;
  /** How many are signed in under this policy. */
  readonly devices: number;
  readonly onSaved: () => void;
}) {
  const { t } = useTranslation();
  const styles = useStyles();
  const mayEdit = useMay("administrator");
  const [edits, setEdits] = useState<PolicyEdits>({});
  const [isAsking, setAsking] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError>();
  const [saved, setSaved] = useState<number>();
  const isEdited = Object.keys(edits).length > 0;

  /** Only what was switched is sent: another's change of another setting stays. */
  async function write(): Promise<void> {
    const written = await call<CallingPolicy>(policyPath(policy.name), {
      method: "PUT",
      body: edits,
    });
    setEdits({});
    setSaved(written.version);
    onSaved();
  }

  async function save(): Promise<void> {
    setError(undefined);
    if (signsOut(policy, edits) && devices > 0) return setAsking(true);
    setBusy(true);
    await write().catch((failure: unknown) => setError(asApiError(failure)));
    setBusy(false);
  }

  return (
    <section className={styles.card} aria-label={t("policies.settings")}>
      <Subtitle2 as="h2" className={styles.title}>
        {t("policies.settings")}
      </Subtitle2>
      <PolicySwitches
        settings={{ ...policy, ...edits }}
        disabled={!mayEdit}
        onSwitch={(setting, value) => {
          setSaved(undefined);
          setEdits(withEdit(edits, policy, setting, value));
        }}
      />
      {mayEdit && (
        <div className={styles.foot}>
          {error !== undefined && <ErrorNotice error={error} />}
          {saved !== undefined && (
            <MessageBar intent="success" layout="multiline">
              <MessageBarBody>{t("policies.saved", { version: saved })}</MessageBarBody>
            </MessageBar>
          )}
          <div className={styles.actions}>
            <Button
              appearance="primary"
              disabledFocusable={!isEdited || isBusy}
              onClick={() => void save()}
            >
              {t("action.save")}
            </Button>
            <Button disabledFocusable={!isEdited} onClick={() => setEdits({})}>
              {t("policies.discard")}
            </Button>
          </div>
        </div>
      )}
      {isAsking && (
        <SignOutPolicyDialog devices={devices} onConfirm={write} onClose={() => setAsking(false)} />
      )}
    </section>
  );
}
