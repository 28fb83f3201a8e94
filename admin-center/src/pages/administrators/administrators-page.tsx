import { MessageBar, MessageBarBody } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import { PageFrame } from "../../parts/page-frame.tsx";
import { useMay } from "../../session/session-context.ts";
import { AdministratorList } from "./administrator-list.tsx";

/** Administrators: who may work here, and as what. */
export default function AdministratorsPage() {
  const { t } = useTranslation();
  if (useMay("administrator")) return <AdministratorList />;
  return (
    <PageFrame title={t("administrators.title")}>
      <MessageBar layout="multiline">
        <MessageBarBody>{t("administrators.notYou")}</MessageBarBody>
      </MessageBar>
    </PageFrame>
  );
}
