import { Button, Field, Input, makeStyles, Text, tokens } from "@fluentui/react-components";
import { AddRegular } from "@fluentui/react-icons";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { AccessRule } from "../../api/access-types.ts";
import { FactsCard } from "../../parts/facts-card.tsx";
import { inputOf, rangeFault } from "./change-rule.ts";
import { RemoveButton } from "./remove-button.tsx";
import type { RuleControl } from "./use-rule.ts";

const useStyles = makeStyles({
  list: {
    listStyleType: "none",
    margin: 0,
    padding: 0,
    display: "grid",
    gap: tokens.spacingVerticalXS,
  },
  item: { display: "flex", alignItems: "center", gap: tokens.spacingHorizontalS },
  range: { fontFamily: tokens.fontFamilyMonospace, overflowWrap: "anywhere" },
  form: { display: "flex", flexWrap: "wrap", alignItems: "start", gap: tokens.spacingHorizontalS },
  field: { flexGrow: 1, maxWidth: "360px" },
  add: { marginTop: "26px" },
});

/** The networks that sign-ins may come from. */
export function RangesCard({
  rule,
  control,
  mayChange,
}: {
  readonly rule: AccessRule;
  readonly control: RuleControl;
  readonly mayChange: boolean;
}) {
  const { t } = useTranslation();
  const styles = useStyles();
  return (
    <FactsCard title={t("access.ranges")}>
      <Text>{t("access.rangesText")}</Text>
      {rule.trustedRanges.length === 0 && <Text>{t("access.noRanges")}</Text>}
      <ul className={styles.list}>
        {rule.trustedRanges.map((range) => (
          <li key={range} className={styles.item}>
            <span className={styles.range}>{range}</span>
            {mayChange && (
              <RemoveButton
                label={t("access.removeRange", { range })}
                onRemove={() => {
                  const trustedRanges = rule.trustedRanges.filter((one) => one !== range);
                  void control.save({ ...inputOf(rule), trustedRanges });
                }}
              />
            )}
          </li>
        ))}
      </ul>
      {mayChange && <RangeForm rule={rule} control={control} />}
    </FactsCard>
  );
}

function RangeForm({
  rule,
  control,
}: {
  readonly rule: AccessRule;
  readonly control: RuleControl;
}) {
  const { t } = useTranslation();
  const styles = useStyles();
  const [typed, setTyped] = useState("");
  const [isAsked, setAsked] = useState(false);
  const fault = rangeFault(typed, rule.trustedRanges);
  const shown = isAsked ? fault : undefined;

  async function add(event: FormEvent): Promise<void> {
    event.preventDefault();
    setAsked(true);
    if (fault !== undefined) return;
    const trustedRanges = [...rule.trustedRanges, typed.trim()];
    if (!(await control.save({ ...inputOf(rule), trustedRanges }))) return;
    setTyped("");
    setAsked(false);
  }

  return (
    <form className={styles.form} onSubmit={(event) => void add(event)} noValidate>
      <Field
        className={styles.field}
        label={t("access.range")}
        hint={t("access.rangeHint")}
        {...(shown !== undefined && { validationMessage: t(`access.fault.${shown}`) })}
      >
        <Input
          value={typed}
          maxLength={64}
          autoComplete="off"
          onChange={(_, { value }) => setTyped(value)}
        />
      </Field>
      <Button type="submit" className={styles.add} icon={<AddRegular />}>
        {t("access.addRange")}
      </Button>
    </form>
  );
}
