import { makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import {
  BoardRegular,
  BookGlobeRegular,
  CallRegular,
  ClipboardTaskRegular,
  DeskRegular,
  PeopleRegular,
  PersonKeyRegular,
  ShieldLockRegular,
  SlideSettingsRegular,
} from "@fluentui/react-icons";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { NavLink } from "react-router";

/** A page of the menu. */
interface MenuItem {
  readonly path: string;
  /** Its words, below `menu`. */
  readonly name: string;
  readonly icon: ReactNode;
}

const items: readonly MenuItem[] = [
  { path: "/", name: "dashboard", icon: <BoardRegular /> },
  { path: "/devices", name: "devices", icon: <DeskRegular /> },
  { path: "/provision", name: "provision", icon: <ClipboardTaskRegular /> },
  { path: "/users", name: "users", icon: <PeopleRegular /> },
  { path: "/policies", name: "policies", icon: <SlideSettingsRegular /> },
  { path: "/calls", name: "calls", icon: <CallRegular /> },
  { path: "/conditional-access", name: "conditionalAccess", icon: <ShieldLockRegular /> },
  { path: "/regions", name: "regions", icon: <BookGlobeRegular /> },
  { path: "/administrators", name: "administrators", icon: <PersonKeyRegular /> },
];

const useStyles = makeStyles({
  list: {
    listStyleType: "none",
    margin: 0,
    padding: tokens.spacingVerticalS,
    display: "grid",
    gap: tokens.spacingVerticalXXS,
  },
  link: {
    display: "flex",
    alignItems: "center",
    gap: tokens.spacingHorizontalM,
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM}`,
    borderRadius: tokens.borderRadiusMedium,
    color: tokens.colorNeutralForeground1,
    textDecorationLine: "none",
    fontSize: tokens.fontSizeBase300,
    ":hover": {
      backgroundColor: tokens.colorSubtleBackgroundHover,
      color: tokens.colorNeutralForeground1Hover,
    },
    "& svg": { fontSize: "20px", flexShrink: 0 },
  },
  current: {
    backgroundColor: tokens.colorSubtleBackgroundSelected,
    color: tokens.colorNeutralForeground1Selected,
    fontWeight: tokens.fontWeightSemibold,
    boxShadow: `inset 3px 0 0 ${tokens.colorCompoundBrandStroke}`,
  },
});

/** The menu of pages. */
export function Navigation({ onNavigate }: { readonly onNavigate?: () => void }) {
  const { t } = useTranslation();
  const styles = useStyles();
  return (
    <nav aria-label={t("menu.label")}>
      <ul className={styles.list}>
        {items.map(({ path, name, icon }) => (
          <li key={path}>
            <NavLink
              to={path}
              end={path === "/"}
              {...(onNavigate === undefined ? {} : { onClick: onNavigate })}
              className={({ isActive }) => mergeClasses(styles.link, isActive && styles.current)}
            >
              {icon}
              {t(`menu.${name}`)}
            </NavLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}
