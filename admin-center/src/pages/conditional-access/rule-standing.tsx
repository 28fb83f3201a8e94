import {
  Button,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
} from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import type { AccessRule } from "../../api/access-types.ts";
import { withMissingExcluded } from "./change-rule.ts";
import type { RuleControl } from "./use-rule.ts";

/** Says plainly whether sign-ins go through the rule, and what to do where they do not. */
export function RuleStanding({
  rule,
  control,
  mayChange,
}: {
  readonly rule: AccessRule;
  readonly control: RuleControl;
  readonly mayChange: boolean;
}) {
  const { t, i18n } = useTranslation();
  if (!rule.enabled) return <Notice intent="info" text={t("access.off")} />;
  if (rule.missingAddresses.length === 0)
    return <Notice intent="success" text={t("access.good")} />;
  const missing = rule.missingAddresses.map(
    ({ region, address }) => `${address} (${t(`region.${region}`)})`,
  );
  const addresses = new Intl.ListFormat(i18n.language, { type: "conjunction" }).format(missing);
  return (
    <MessageBar intent="warning" layout="multiline">
      <MessageBarBody>
        <MessageBarTitle>{t("access.blockedTitle")}</MessageBarTitle>{" "}
        {t("access.blocked", { addresses })}
      </MessageBarBody>
      {mayChange && (
        <MessageBarActions>
          <Button onClick={() => void control.save(withMissingExcluded(rule))}>
            {t("access.excludeMissing")}
          </Button>
        </MessageBarActions>
      )}
    </MessageBar>
  );
}

function Notice({ intent, text }: { readonly intent: "info" | "success"; readonly text: string }) {
  return (
    <MessageBar intent={intent} layout="multiline">
      <MessageBarBody>{text}</MessageBarBody>
    </MessageBar>
  );
}
