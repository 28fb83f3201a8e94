import { makeStyles, mergeClasses, Text, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";
import { TimeText } from "../../parts/time-text.tsx";

const useStyles = makeStyles({
  list: { listStyleType: "none", margin: 0, padding: 0 },
  row: {
    display: "grid",
    gridTemplateColumns: "24px minmax(0, 1fr)",
    columnGap: tokens.spacingHorizontalM,
    paddingBottom: tokens.spacingVerticalM,
    position: "relative",
    // The line that joins a row to the next.
    ":not(:last-child)::before": {
      content: '""',
      position: "absolute",
      insetInlineStart: "11px",
      top: "24px",
      bottom: 0,
      width: "1px",
      backgroundColor: tokens.colorNeutralStroke2,
    },
    ":last-child": { paddingBottom: 0 },
  },
  icon: {
    display: "grid",
    placeItems: "center",
    width: "24px",
    height: "24px",
    fontSize: "20px",
    color: tokens.colorNeutralForeground2,
  },
  trouble: { color: tokens.colorStatusDangerForeground1 },
  head: {
    display: "flex",
    flexWrap: "wrap",
    justifyContent: "space-between",
    columnGap: tokens.spacingHorizontalM,
    lineHeight: "24px",
  },
  text: { overflowWrap: "anywhere", unicodeBidi: "isolate" },
  quiet: { color: tokens.colorNeutralForeground2 },
});

/** What happened, one below the other, the newest first. */
export function Timeline({
  label,
  children,
}: {
  readonly label: string;
  readonly children: ReactNode;
}) {
  return (
    <ol className={useStyles().list} aria-label={label}>
      {children}
    </ol>
  );
}

/** One thing that happened: what, by whom, and when. */
export function TimelineRow({
  icon,
  isTrouble = false,
  title,
  at,
  children,
  actor,
}: {
  readonly icon: ReactNode;
  readonly isTrouble?: boolean;
  readonly title: ReactNode;
  readonly at: string;
  readonly children?: ReactNode;
  readonly actor?: string;
}) {
  const styles = useStyles();
  return (
    <li className={styles.row}>
      <span className={mergeClasses(styles.icon, isTrouble && styles.trouble)}>{icon}</span>
      <div>
        <div className={styles.head}>
          <Text weight="semibold">{title}</Text>
          <Text size={200} className={styles.quiet}>
            {actor !== undefined && <>{actor} · </>}
            <TimeText at={at} />
          </Text>
        </div>
        {children !== undefined && <div className={styles.text}>{children}</div>}
      </div>
    </li>
  );
}
