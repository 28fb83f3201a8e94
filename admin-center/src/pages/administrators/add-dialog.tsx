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
import { type FormEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { AddedAdministrator } from "../../api/administrator-types.ts";
import { type ApiError, asApiError } from "../../api/api-error.ts";
import { call } from "../../api/call.ts";
import type { Role } from "../../api/types.ts";
import { ErrorNotice } from "../../parts/error-notice.tsx";
import { useKeptFocus } from "../../parts/use-kept-focus.ts";
import { NewToken } from "./new-token.tsx";
import { RoleField } from "./role-field.tsx";

const longestName = 64;

const useStyles = makeStyles({ form: { display: "grid", gap: tokens.spacingVerticalM } });

/** Adds an administrator, and shows his token, which is told this once. */
export function AddDialog({
  onAdded,
  onClose,
}: {
  readonly onAdded: () => void;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const styles = useStyles();
  const surface = useRef<HTMLDivElement>(null);
  const [name, setName] = useState("");
  const [role, setRole] = useState<Role>("technician");
  const [error, setError] = useState<ApiError>();
  const [isBusy, setBusy] = useState(false);
  const [added, setAdded] = useState<AddedAdministrator>();
  // The form goes when the token comes.
  useKeptFocus(surface, added);

  async function add(event: FormEvent): Promise<void> {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      const body = { name, role };
      setAdded(await call<AddedAdministrator>("/administrators", { method: "POST", body }));
      onAdded();
    } catch (failure) {
      setError(asApiError(failure));
    } finally {
      setBusy(false);
    }
  }

  const nameFault = error?.errors.name;
  return (
    // A click beside it must not lose a token that is shown once.
    <Dialog open modalType="alert" onOpenChange={(_, { open }) => !open && onClose()}>
      <DialogSurface ref={surface} tabIndex={-1}>
        <form onSubmit={(event) => void add(event)} noValidate>
          <DialogBody>
            <DialogTitle>{t("administrators.add")}</DialogTitle>
            <DialogContent className={styles.form}>
              {added !== undefined && <NewToken administrator={added} />}
              {added === undefined && (
                <>
                  {error !== undefined && nameFault === undefined && <ErrorNotice error={error} />}
                  <Field
                    label={t("administrators.name")}
                    hint={t("administrators.nameHint")}
                    {...(nameFault !== undefined && { validationMessage: nameFault })}
                  >
                    <Input
                      value={name}
                      maxLength={longestName}
                      autoComplete="off"
                      onChange={(_, { value }) => setName(value)}
                    />
                  </Field>
                  <RoleField role={role} onRole={setRole} />
                </>
              )}
            </DialogContent>
            <DialogActions>
              <Button onClick={onClose}>
                {t(added === undefined ? "action.cancel" : "action.close")}
              </Button>
              {added === undefined && (
                <Button appearance="primary" type="submit" disabled={isBusy || name.trim() === ""}>
                  {t("administrators.addIt")}
                </Button>
              )}
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
