import { Text } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { PageFrame } from "../parts/page-frame.tsx";

/** There is no page at this address. */
export function NotFoundPage() {
  const { t } = useTranslation();
  return (
    <PageFrame title={t("notFound.title")}>
      <Text>
        {t("notFound.text")} <Link to="/devices">{t("menu.devices")}</Link>
      </Text>
    </PageFrame>
  );
}
