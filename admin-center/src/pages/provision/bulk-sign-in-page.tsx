import {
  Button,
  MessageBar,
  MessageBarBody,
  makeStyles,
  Subtitle2,
  Text,
  tokens,
} from "@fluentui/react-components";
import { ArrowLeftRegular } from "@fluentui/react-icons";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { type ApiError, asApiError } from "../../api/api-error.ts";
import { call } from "../../api/call.ts";
import type { BulkSignIn } from "../../api/provision-types.ts";
import { ErrorNotice } from "../../parts/error-notice.tsx";
import { PageFrame } from "../../parts/page-frame.tsx";
import { useMay } from "../../session/session-context.ts";
import { BulkSignInList } from "./bulk-sign-in-list.tsx";
import { BulkSignInSwitch } from "./bulk-sign-in-switch.tsx";
import { FileDrop } from "./file-drop.tsx";
import { TemplateButton } from "./template-button.tsx";

const useStyles = makeStyles({
  begin: { display: "grid", gap: tokens.spacingVerticalM, maxWidth: "820px" },
  conditions: { margin: 0, paddingInlineStart: tokens.spacingHorizontalXL },
});

/** Signs users in on many devices by a file, without pairing codes. */
export function BulkSignInPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return (
    <PageFrame
      title={t("provision.bulk.title")}
      lead={t("provision.bulk.lead")}
      actions={
        <Button icon={<ArrowLeftRegular />} onClick={() => void navigate("/provision/sign-in")}>
          {t("provision.back")}
        </Button>
      }
    >
      {useMay("administrator") && <BulkSignInBeginning />}
      <Subtitle2 as="h2">{t("provision.bulk.last")}</Subtitle2>
      <BulkSignInList />
    </PageFrame>
  );
}

function BulkSignInBeginning() {
  const { t } = useTranslation();
  const styles = useStyles();
  const navigate = useNavigate();
  const [isEnabled, setEnabled] = useState<boolean>();
  const [error, setError] = useState<ApiError>();
  const [isBusy, setBusy] = useState(false);

  async function begin(file: File): Promise<void> {
    setBusy(true);
    setError(undefined);
    try {
      const sent = { method: "POST", file: { text: file, type: "text/csv" } } as const;
      const { id } = await call<BulkSignIn>("/bulk-sign-in", sent);
      void navigate(`/provision/bulk-sign-in/${encodeURIComponent(id)}`);
    } catch (failure) {
      setError(asApiError(failure));
      setBusy(false);
    }
  }

  return (
    <section className={styles.begin} aria-label={t("provision.bulk.begin")}>
      <BulkSignInSwitch onKnown={setEnabled} />
      <div>
        <Text>{t("provision.bulk.conditions")}</Text>
        <ul className={styles.conditions}>
          {["trusted", "deadline", "user"].map((name) => (
            <li key={name}>{t(`provision.bulk.condition.${name}`)}</li>
          ))}
        </ul>
      </div>
      {error !== undefined && <ErrorNotice error={error} />}
      <TemplateButton path="/bulk-sign-in/template.csv" fileName="Template_BulkSignIn.csv" />
      {isEnabled === false && (
        <MessageBar intent="info" layout="multiline">
          <MessageBarBody>{t("provision.bulk.enableFirst")}</MessageBarBody>
        </MessageBar>
      )}
      {isEnabled === true && !isBusy && (
        <FileDrop label={t("provision.bulk.file")} onFile={(file) => void begin(file)} />
      )}
    </section>
  );
}
