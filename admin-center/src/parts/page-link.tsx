import { makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { Link } from "react-router";

const useStyles = makeStyles({
  link: {
    color: tokens.colorBrandForegroundLink,
    ":hover": { color: tokens.colorBrandForegroundLinkHover },
  },
});

/** A link to another page of the admin center. */
export function PageLink({
  to,
  children,
}: {
  /** Names in it are encoded. */
  readonly to: string;
  readonly children: ReactNode;
}) {
  const styles = useStyles();
  return (
    <Link to={to} className={styles.link}>
      {children}
    </Link>
  );
}
