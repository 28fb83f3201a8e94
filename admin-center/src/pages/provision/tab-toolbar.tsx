import { makeStyles, SearchBox, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

const useStyles = makeStyles({
  toolbar: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS },
  search: {
    flexGrow: 1,
    minWidth: "180px",
    maxWidth: "320px",
    marginInlineStart: "auto",
    "@media (max-width: 800px)": { flexBasis: "100%", maxWidth: "none" },
  },
});

/** A tab's actions, and the search in its rows. */
export function TabToolbar({
  children,
  search,
  onSearch,
}: {
  readonly children?: ReactNode;
  readonly search: string;
  readonly onSearch: (search: string) => void;
}) {
  const { t } = useTranslation();
  const styles = useStyles();
  return (
    <div className={styles.toolbar}>
      {children}
      <SearchBox
        className={styles.search}
        aria-label={t("provision.search")}
        placeholder={t("provision.search")}
        value={search}
        onChange={(_, { value }) => onSearch(value)}
      />
    </div>
  );
}
