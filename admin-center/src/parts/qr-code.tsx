import { makeStyles, tokens } from "@fluentui/react-components";
import { useMemo } from "react";
import { encode } from "uqr";
import { qrPath } from "./qr-path.ts";

/** Modules of white around the code, which cameras need (ISO/IEC 18004 §9.1). */
const quietModules = 4;

const useStyles = makeStyles({
  code: {
    display: "block",
    width: "168px",
    height: "168px",
    borderRadius: tokens.borderRadiusMedium,
  },
});

/** A QR code. It is black on white in every look of the page: cameras expect that. */
export function QrCode({
  text,
  title,
}: {
  readonly text: string;
  /** What it leads to, for those who do not see it. */
  readonly title: string;
}) {
  const styles = useStyles();
  const { size, data } = useMemo(() => encode(text, { ecc: "M", border: quietModules }), [text]);
  const path = useMemo(() => qrPath(data), [data]);
  return (
    <svg className={styles.code} viewBox={`0 0 ${size} ${size}`} role="img" aria-label={title}>
      <title>{title}</title>
      <rect width={size} height={size} fill="white" />
      <path d={path} fill="black" shapeRendering="crispEdges" />
    </svg>
  );
}
