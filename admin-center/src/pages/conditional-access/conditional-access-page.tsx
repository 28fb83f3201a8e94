import { makeStyles, Spinner, Switch, Text, tokens } from "@fluentui/react-components";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { ErrorNotice } from "../../parts/error-notice.tsx";
import { PageFrame } from "../../parts/page-frame.tsx";
import { useKeptFocus } from "../../parts/use-kept-focus.ts";
import { useMay } from "../../session/session-context.ts";
import { AddressesCard } from "./addresses-card.tsx";
import { inputOf } from "./change-rule.ts";
import { RangesCard } from "./ranges-card.tsx";
import { RuleStanding } from "./rule-standing.tsx";
import { useRule } from "./use-rule.ts";

const useStyles = makeStyles({
  content: { display: "grid", gap: tokens.spacingVerticalM },
  switch: { display: "flex", flexWrap: "wrap", alignItems: "center" },
});

/** Conditional access: which networks sign-ins may come from, and whether the gateway is among them. */
export default function ConditionalAccessPage() {
  const { t } = useTranslation();
  const styles = useStyles();
  const mayChange = useMay("administrator");
  const control = useRule();
  const section = useRef<HTMLElement>(null);
  // A range that is removed takes its button with it.
  useKeptFocus(section, control.standing);
  const { rule, error, standing, reload, save } = control;
  return (
    <PageFrame title={t("access.title")} lead={t("access.lead")}>
      {error !== undefined && <ErrorNotice error={error} onRetry={reload} />}
      {rule === undefined && error === undefined && <Spinner label={t("table.loading")} />}
      {rule !== undefined && (
        // What scrolls must be reached by the keyboard (WCAG 2.1.1), also where nothing may be changed.
        <section
          ref={section}
          className={styles.content}
          aria-label={t("access.title")}
          tabIndex={mayChange ? -1 : 0}
        >
          <div className={styles.switch}>
            {mayChange && (
              <Switch
                label={t("access.enabled")}
                checked={rule.enabled}
                onChange={(_, { checked }) => void save({ ...inputOf(rule), enabled: checked })}
              />
            )}
            <Text role="status">{standing === "saved" ? t("access.saved") : ""}</Text>
          </div>
          <RuleStanding rule={rule} control={control} mayChange={mayChange} />
          <AddressesCard rule={rule} control={control} mayChange={mayChange} />
          <RangesCard rule={rule} control={control} mayChange={mayChange} />
        </section>
      )}
    </PageFrame>
  );
}
