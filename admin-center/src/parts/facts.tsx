import { makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";

const useStyles = makeStyles({
  list: {
    margin: 0,
    display: "grid",
    gridTemplateColumns: "minmax(0, 136px) minmax(0, 1fr)",
    columnGap: tokens.spacingHorizontalL,
    rowGap: tokens.spacingVerticalS,
    alignItems: "baseline",
  },
  pair: { display: "contents" },
  // One long word, as German has them, may be broken.
  term: { color: tokens.colorNeutralForeground2, overflowWrap: "anywhere", hyphens: "auto" },
  // What phones say of themselves may be long, and written from right to left.
  value: { margin: 0, overflowWrap: "anywhere", unicodeBidi: "isolate" },
});

/** Names and values of one thing. */
export function Facts({ children }: { readonly children: ReactNode }) {
  return <dl className={useStyles().list}>{children}</dl>;
}

/** A name and its value; a dash where there is none. */
export function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  const styles = useStyles();
  const isMissing = children === null || children === undefined || children === "";
  return (
    <div className={styles.pair}>
      <dt className={styles.term}>{name}</dt>
      <dd className={styles.value}>{isMissing ? "–" : children}</dd>
    </div>
  );
}
