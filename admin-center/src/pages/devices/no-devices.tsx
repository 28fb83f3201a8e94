import { Button } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

/** Why the table is empty, and what to do. */
export function NoDevices({
  isLoading,
  isFiltered,
  onShowAll,
}: {
  readonly isLoading: boolean;
  /** There are devices, and the filter or the search shows none of them. */
  readonly isFiltered: boolean;
  readonly onShowAll: () => void;
}) {
  const { t } = useTranslation();
  if (isLoading) return t("table.loading");
  if (!isFiltered) {
    return (
      <>
        {t("devices.none")} <Link to="/provision">{t("devices.provision")}</Link>
      </>
    );
  }
  return (
    <>
      {t("devices.noneFits")}{" "}
      <Button size="small" onClick={onShowAll}>
        {t("devices.showAll")}
      </Button>
    </>
  );
}
