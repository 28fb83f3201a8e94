import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Field,
  Input,
  makeStyles,
  tokens,
} from "@fluentui/react-components";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { type ApiError, asApiError } from "../../api/api-error.ts";
import { call } from "../../api/call.ts";
import { type CallingPolicy, policyPath } from "../../api/user-types.ts";
import { ErrorNotice } from "../../parts/error-notice.tsx";
import { newPolicySettings, type PolicyEdits, withEdit } from "./policy-edits.ts";
import { PolicySwitches } from "./policy-switches.tsx";

const longestName = 64;

const useStyles = makeStyles({ content: { display: "grid", gap: tokens.spacingVerticalM } });

/** Makes a calling policy. */
export function NewPolicyDialog({
  takenNames,
  onClose,
  onCreated,
}: {
  /** Of the policies that there are: writing to one of them would change it. */
  readonly takenNames: readonly string[];
  readonly onClose: () => void;
  readonly onCreated: (name: string) => void;
}) {
  const { t } = useTranslation();
  const styles = useStyles();
  const [typed, setTyped] = useState("");
  const [edits, setEdits] = useState<PolicyEdits>({});
  const [error, setError] = useState<ApiError>();
  const [isBusy, setBusy] = useState(false);
  const name = typed.trim();
  const settings = { ...newPolicySettings, ...edits };
  const fault = faultOf(name, takenNames);

  async function create(event: FormEvent): Promise<void> {
    event.preventDefault();
    if (name === "" || fault !== undefined) return;
    setBusy(true);
    setError(undefined);
    try {
      await call<CallingPolicy>(policyPath(name), { method: "PUT", body: settings });
      onCreated(name);
    } catch (failure) {
      setError(asApiError(failure));
      setBusy(false);
    }
  }

  return (
    <Dialog open onOpenChange={(_, { open }) => !open && onClose()}>
      <DialogSurface>
        <form onSubmit={(event) => void create(event)} noValidate>
          <DialogBody>
            <DialogTitle>{t("policies.add")}</DialogTitle>
            <DialogContent className={styles.content}>
              {error !== undefined && <ErrorNotice error={error} />}
              <Field
                label={t("policies.name")}
                required
                validationMessage={
                  fault === undefined ? error?.errors.name : t(`policies.fault.${fault}`)
                }
              >
                <Input value={typed} onChange={(_, { value }) => setTyped(value)} />
              </Field>
              <PolicySwitches
                settings={settings}
                disabled={false}
                onSwitch={(setting, value) =>
                  setEdits(withEdit(edits, newPolicySettings, setting, value))
                }
              />
            </DialogContent>
            <DialogActions>
              <Button onClick={onClose}>{t("action.cancel")}</Button>
              <Button appearance="primary" type="submit" disabledFocusable={isBusy || name === ""}>
                {t("policies.add")}
              </Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}

function faultOf(name: string, takenNames: readonly string[]): string | undefined {
  if (name.length > longestName) return "long";
  const isTaken = takenNames.some((taken) => taken.toLowerCase() === name.toLowerCase());
  return isTaken ? "taken" : undefined;
}
