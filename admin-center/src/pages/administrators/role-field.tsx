import { Field, Radio, RadioGroup } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import type { Role } from "../../api/types.ts";

const roles: readonly Role[] = ["reader", "technician", "administrator"];

/** A choice of role, each with what it may do. */
export function RoleField({
  role,
  onRole,
}: {
  readonly role: Role;
  readonly onRole: (role: Role) => void;
}) {
  const { t } = useTranslation();
  return (
    <Field label={t("administrators.role")}>
      <RadioGroup
        value={role}
        onChange={(_, { value }) => onRole(roles.find((one) => one === value) ?? role)}
      >
        {roles.map((one) => (
          <Radio
            key={one}
            value={one}
            label={`${t(`role.${one}`)}: ${t(`administrators.may.${one}`)}`}
          />
        ))}
      </RadioGroup>
    </Field>
  );
}
