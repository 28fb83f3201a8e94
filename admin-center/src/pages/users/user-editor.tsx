import { Button, makeStyles, Spinner, tokens } from "@fluentui/react-components";
import { type FormEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { type ApiError, asApiError } from "../../api/api-error.ts";
import { call } from "../../api/call.ts";
import type { Device } from "../../api/types.ts";
import { allowsSipDevices, type CallingPolicy, type User, userPath } from "../../api/user-types.ts";
import { useResource } from "../../live/use-resource.ts";
import { ErrorNotice } from "../../parts/error-notice.tsx";
import { SignOutWarning } from "./sign-out-warning.tsx";
import { UserDrawer } from "./user-drawer.tsx";
import { UserFields } from "./user-fields.tsx";
import {
  changesOf,
  faultsOf,
  formOf,
  newUserForm,
  readPhoneNumber,
  readUpn,
  type UserField,
  type UserForm,
} from "./user-form.ts";
import { changeUser, createUser } from "./write-users.ts";

const useStyles = makeStyles({
  form: { display: "grid", gap: tokens.spacingVerticalL },
  actions: {
    display: "flex",
    flexWrap: "wrap",
    gap: tokens.spacingHorizontalS,
    position: "sticky",
    bottom: 0,
    padding: `${tokens.spacingVerticalS} 0`,
    backgroundColor: tokens.colorNeutralBackground1,
  },
});

/** What the editor needs, for a new user and for one who is there. */
interface EditorProperties {
  readonly policies: readonly CallingPolicy[];
  readonly onClose: () => void;
  readonly onSaved: (user: User) => void;
}

/** Adds a user. */
export function NewUserEditor(properties: EditorProperties) {
  const { t } = useTranslation();
  return (
    <UserDrawer title={t("users.add")} onClose={properties.onClose}>
      <EditorForm {...properties} former={newUserForm} isNew devices={[]} />
    </UserDrawer>
  );
}

/** Changes a user, who is read anew when it opens. */
export function UserEditor({
  upn,
  ...properties
}: EditorProperties & {
  readonly upn: string;
  /** On which the user is signed in. */
  readonly devices: readonly Device[];
  /** Further actions, at the end. */
  readonly actions: ReactNode;
}) {
  const { t } = useTranslation();
  const { data, error } = useResource(upn, (signal) => call<User>(userPath(upn), { signal }));
  const [former, setFormer] = useState<UserForm>();
  // What is typed is kept where the user is read once more, as after the stream was away.
  if (former === undefined && data !== undefined) setFormer(formOf(data));
  return (
    <UserDrawer title={t("users.editTitle", { upn })} onClose={properties.onClose}>
      {former === undefined && error !== undefined && <ErrorNotice error={error} />}
      {former === undefined && error === undefined && <Spinner label={t("table.loading")} />}
      {former !== undefined && <EditorForm {...properties} former={former} isNew={false} />}
    </UserDrawer>
  );
}

function EditorForm({
  former,
  isNew,
  devices,
  policies,
  actions,
  onClose,
  onSaved,
}: EditorProperties & {
  readonly former: UserForm;
  readonly isNew: boolean;
  readonly devices: readonly Device[];
  readonly actions?: ReactNode;
}) {
  const { t } = useTranslation();
  const styles = useStyles();
  const [form, setForm] = useState(former);
  const [wasSent, setWasSent] = useState(false);
  const [error, setError] = useState<ApiError>();
  const [isBusy, setBusy] = useState(false);
  const faults = faultsOf(form);
  const policy = policies.find(({ name }) => name === form.callingPolicy);
  const isForbidden = policy !== undefined && !allowsSipDevices(policy);
  const isFaulty = Object.keys(faults).length > 0;

  function faultOf(field: UserField | "callingPolicy"): string | undefined {
    const fault = field === "callingPolicy" ? undefined : faults[field];
    const isTyped = isFieldTyped(form, former, field);
    if (fault !== undefined && (wasSent || isTyped)) return t(`users.fault.${fault}`);
    return error?.errors[field];
  }

  async function save(event: FormEvent): Promise<void> {
    event.preventDefault();
    setWasSent(true);
    setError(undefined);
    if (isFaulty) return;
    setBusy(true);
    try {
      const changes = changesOf(form, former);
      const upn = readUpn(form.upn) ?? form.upn;
      onSaved(await (isNew ? createUser(upn, changes) : changeUser(upn, changes)));
      onClose();
    } catch (failure) {
      setError(asApiError(failure));
      setBusy(false);
    }
  }

  return (
    <form className={styles.form} onSubmit={(event) => void save(event)} noValidate>
      {error !== undefined && <ErrorNotice error={error} />}
      <UserFields
        form={form}
        isNew={isNew}
        policyNames={policies.map(({ name }) => name)}
        faultOf={faultOf}
        onChange={(changes) => {
          setForm((before) => ({ ...before, ...changes }));
          // What the gateway said was of what was there before.
          setError(undefined);
        }}
      />
      {(readPhoneNumber(form.phoneNumber) ?? "") !== former.phoneNumber && (
        <SignOutWarning devices={devices} reason={t("users.numberChange")} />
      )}
      {isForbidden && <SignOutWarning devices={devices} reason={t("users.policyForbids")} />}
      <div className={styles.actions}>
        <Button appearance="primary" type="submit" disabledFocusable={isBusy}>
          {t(isNew ? "users.add" : "action.save")}
        </Button>
        <Button onClick={onClose}>{t("action.cancel")}</Button>
        {actions}
      </div>
    </form>
  );
}

/** Whether a fault may be shown already: what is empty yet is no fault while others are typed. */
function isFieldTyped(
  form: UserForm,
  former: UserForm,
  field: UserField | "callingPolicy",
): boolean {
  const name = field === "forwarding" ? "forwardingTo" : field;
  return form[name] !== former[name] && (form[name] !== "" || former[name] !== "");
}
