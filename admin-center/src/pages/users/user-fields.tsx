import { Field, Input, Select, Switch } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import { forwardingOccasions } from "../../api/user-types.ts";
import { PasswordFields } from "./password-fields.tsx";
import { readPhoneNumber, type UserField, type UserForm } from "./user-form.ts";

/** What the fields of a user show, and where what is typed goes. */
export interface UserFieldsProperties {
  readonly form: UserForm;
  readonly isNew: boolean;
  /** Names of the calling policies that there are. */
  readonly policyNames: readonly string[];
  /** What is wrong with a field, in words. */
  readonly faultOf: (field: UserField | "callingPolicy") => string | undefined;
  readonly onChange: (changes: Partial<UserForm>) => void;
}

/** The fields of a user. */
export function UserFields(properties: UserFieldsProperties) {
  const { form, isNew, policyNames, faultOf, onChange } = properties;
  const { t } = useTranslation();
  const kept = readPhoneNumber(form.phoneNumber);
  const keptHint = kept === undefined || kept === form.phoneNumber ? undefined : kept;
  return (
    <>
      {isNew && (
        <Field
          label={t("users.upn")}
          hint={t("users.upnHint")}
          required
          validationMessage={faultOf("upn")}
        >
          <Input
            value={form.upn}
            inputMode="email"
            autoComplete="off"
            spellCheck={false}
            placeholder="adele@contoso.example"
            onChange={(_, { value }) => onChange({ upn: value })}
          />
        </Field>
      )}
      <Field label={t("users.displayName")} required validationMessage={faultOf("displayName")}>
        <Input
          value={form.displayName}
          autoComplete="off"
          onChange={(_, { value }) => onChange({ displayName: value })}
        />
      </Field>
      <Field
        label={t("users.phoneNumber")}
        hint={
          keptHint === undefined
            ? t("users.phoneNumberHint")
            : t("users.phoneNumberKept", { number: keptHint })
        }
        validationMessage={faultOf("phoneNumber")}
      >
        <Input
          type="tel"
          value={form.phoneNumber}
          autoComplete="off"
          placeholder="+14255550100"
          onChange={(_, { value }) => onChange({ phoneNumber: value })}
        />
      </Field>
      <Field
        label={t("users.callingPolicy")}
        hint={t("users.callingPolicyHint")}
        validationMessage={faultOf("callingPolicy")}
      >
        <Select
          value={form.callingPolicy}
          onChange={(_, { value }) => onChange({ callingPolicy: value })}
        >
          {policyNames.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </Select>
      </Field>
      <ForwardingFields {...properties} />
      <Field hint={t("users.doNotDisturbHint")}>
        <Switch
          label={t("users.doNotDisturb")}
          checked={form.doNotDisturb}
          onChange={(_, { checked }) => onChange({ doNotDisturb: checked })}
        />
      </Field>
      <PasswordFields {...properties} />
    </>
  );
}

function ForwardingFields({ form, faultOf, onChange }: UserFieldsProperties) {
  const { t } = useTranslation();
  return (
    <>
      <Field label={t("users.forwarding")}>
        <Select
          value={form.forwardingWhen}
          onChange={(_, { value }) =>
            onChange({
              forwardingWhen: forwardingOccasions.find((one) => one === value) ?? "never",
            })
          }
        >
          {(["never", ...forwardingOccasions] as const).map((when) => (
            <option key={when} value={when}>
              {t(`users.when.${when}`)}
            </option>
          ))}
        </Select>
      </Field>
      {form.forwardingWhen !== "never" && (
        <Field
          label={t("users.forwardingTarget")}
          hint={t("users.forwardingHint")}
          required
          validationMessage={faultOf("forwarding")}
        >
          <Input
            value={form.forwardingTo}
            autoComplete="off"
            spellCheck={false}
            onChange={(_, { value }) => onChange({ forwardingTo: value })}
          />
        </Field>
      )}
    </>
  );
}
