import { Button, Checkbox, Field, Input } from "@fluentui/react-components";
import { EyeOffRegular, EyeRegular } from "@fluentui/react-icons";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { UserFieldsProperties } from "./user-fields.tsx";

/** The password for the built-in identity provider, which is written and never read. */
export function PasswordFields({ form, isNew, faultOf, onChange }: UserFieldsProperties) {
  const { t } = useTranslation();
  const [isShown, setShown] = useState(false);
  return (
    <>
      <Field
        label={t("users.password")}
        hint={t(isNew ? "users.passwordHintNew" : "users.passwordHint")}
        validationMessage={faultOf("password")}
      >
        <Input
          type={isShown ? "text" : "password"}
          value={form.password}
          autoComplete="new-password"
          spellCheck={false}
          disabled={form.removesPassword}
          onChange={(_, { value }) => onChange({ password: value })}
          contentAfter={
            <Button
              appearance="transparent"
              size="small"
              icon={isShown ? <EyeOffRegular /> : <EyeRegular />}
              aria-label={t(isShown ? "users.hidePassword" : "users.showPassword")}
              onClick={() => setShown(!isShown)}
            />
          }
        />
      </Field>
      {!isNew && (
        <Checkbox
          label={t("users.removePassword")}
          checked={form.removesPassword}
          onChange={(_, { checked }) =>
            onChange({ removesPassword: checked === true, password: "" })
          }
        />
      )}
    </>
  );
}
