import { Field, makeStyles, Select, Text, tokens } from "@fluentui/react-components";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Device } from "../../api/types.ts";
import { allowsSipDevices, type CallingPolicy } from "../../api/user-types.ts";
import { ConfirmDialog } from "../../parts/confirm-dialog.tsx";
import { failureOf } from "./failure-of.ts";
import { SignOutWarning } from "./sign-out-warning.tsx";
import { changeUser, forEachUser } from "./write-users.ts";

const useStyles = makeStyles({ body: { display: "grid", gap: tokens.spacingVerticalM } });

/** Gives many users a calling policy. */
export function AssignPolicyDialog({
  upns,
  devices,
  policies,
  onClose,
  onAssigned,
}: {
  readonly upns: readonly string[];
  /** On which they are signed in. */
  readonly devices: readonly Device[];
  readonly policies: readonly CallingPolicy[];
  readonly onClose: () => void;
  /** Told whether or not all could be assigned. */
  readonly onAssigned: () => void;
}) {
  const { t } = useTranslation();
  const styles = useStyles();
  const [callingPolicy, setPolicy] = useState(policies[0]?.name ?? "Global");
  const [done, setDone] = useState(0);
  const policy = policies.find(({ name }) => name === callingPolicy);
  const signsOut = policy !== undefined && !allowsSipDevices(policy);

  async function assignAll(): Promise<void> {
    const assign = (upn: string) => changeUser(upn, { callingPolicy });
    const failures = await forEachUser(upns, assign, setDone);
    onAssigned();
    if (failures.length > 0) throw failureOf(t, failures, upns.length);
  }

  return (
    <ConfirmDialog
      title={t("users.assignTitle", { count: upns.length })}
      confirmLabel={t("users.assign")}
      onConfirm={assignAll}
      onClose={onClose}
    >
      <div className={styles.body}>
        <Field label={t("users.callingPolicy")}>
          <Select value={callingPolicy} onChange={(_, { value }) => setPolicy(value)}>
            {policies.map(({ name }) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </Select>
        </Field>
        {signsOut ? (
          <SignOutWarning devices={devices} reason={t("users.policyForbids")} />
        ) : (
          devices.length > 0 && <Text>{t("users.assignText", { count: devices.length })}</Text>
        )}
        {done > 0 && <Text>{t("users.done", { done, count: upns.length })}</Text>}
      </div>
    </ConfirmDialog>
  );
}
