import {
  Button,
  DrawerBody,
  DrawerHeader,
  DrawerHeaderTitle,
  makeStyles,
  OverlayDrawer,
  Text,
  tokens,
} from "@fluentui/react-components";
import { DismissRegular, NavigationRegular } from "@fluentui/react-icons";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { LiveMark } from "./live-mark.tsx";
import { Navigation } from "./navigation.tsx";
import { PersonMenu, type PersonMenuProperties } from "./person-menu.tsx";

const narrow = "@media (max-width: 800px)";

const useStyles = makeStyles({
  shell: {
    height: "100%",
    display: "grid",
    gridTemplateColumns: "232px minmax(0, 1fr)",
    gridTemplateRows: "48px minmax(0, 1fr)",
    gridTemplateAreas: '"top top" "menu page"',
    backgroundColor: tokens.colorNeutralBackground3,
    color: tokens.colorNeutralForeground1,
    [narrow]: { gridTemplateColumns: "minmax(0, 1fr)", gridTemplateAreas: '"top" "page"' },
    "@media print": { display: "block", backgroundColor: "transparent" },
  },
  top: {
    gridArea: "top",
    display: "flex",
    alignItems: "center",
    gap: tokens.spacingHorizontalM,
    padding: `0 ${tokens.spacingHorizontalM}`,
    backgroundColor: tokens.colorNeutralBackground1,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  name: { flexGrow: 1 },
  menu: { gridArea: "menu", overflowY: "auto", [narrow]: { display: "none" } },
  opener: { display: "none", [narrow]: { display: "inline-flex" } },
  page: {
    gridArea: "page",
    overflow: "auto",
    padding: tokens.spacingHorizontalL,
    [narrow]: { padding: tokens.spacingHorizontalM },
  },
  skip: {
    position: "absolute",
    insetInlineStart: "-9999px",
    ":focus": { insetInlineStart: tokens.spacingHorizontalM, zIndex: 10 },
  },
});

/** What stands around every page: top bar, menu, and the page itself. */
export function Shell({
  children,
  ...menu
}: PersonMenuProperties & { readonly children: ReactNode }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const [isMenuOpen, setMenuOpen] = useState(false);
  return (
    <div className={styles.shell}>
      <header className={styles.top} data-print="no">
        <a className={styles.skip} href="#page">
          {t("menu.skip")}
        </a>
        <Button
          appearance="subtle"
          className={styles.opener}
          icon={<NavigationRegular />}
          aria-label={t("menu.open")}
          onClick={() => setMenuOpen(true)}
        />
        <Text weight="semibold" className={styles.name}>
          {t("menu.title")}
        </Text>
        <LiveMark />
        <PersonMenu {...menu} />
      </header>
      <div className={styles.menu} data-print="no">
        <Navigation />
      </div>
      <OverlayDrawer open={isMenuOpen} onOpenChange={(_, { open }) => setMenuOpen(open)}>
        <DrawerHeader>
          <DrawerHeaderTitle
            action={
              <Button
                appearance="subtle"
                icon={<DismissRegular />}
                aria-label={t("action.close")}
                onClick={() => setMenuOpen(false)}
              />
            }
          >
            {t("menu.title")}
          </DrawerHeaderTitle>
        </DrawerHeader>
        <DrawerBody>
          <Navigation onNavigate={() => setMenuOpen(false)} />
        </DrawerBody>
      </OverlayDrawer>
      <main id="page" className={styles.page} tabIndex={-1}>
        {children}
      </main>
    </div>
  );
}
