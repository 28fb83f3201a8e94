import { makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";

const useStyles = makeStyles({
  toolbar: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS },
});

/** A tab's actions. */
export function TabToolbar({ children }: { readonly children: ReactNode }) {
  return <div className={useStyles().toolbar}>{children}</div>;
}
