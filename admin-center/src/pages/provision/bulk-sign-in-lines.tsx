import {
  makeStyles,
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
  tokens,
} from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { BulkSignInItem } from "../../api/provision-types.ts";
import { BulkSignInStatus } from "./bulk-sign-in-status.tsx";

const useStyles = makeStyles({
  frame: {
    overflow: "auto",
    minHeight: "160px",
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusMedium,
    backgroundColor: tokens.colorNeutralBackground1,
  },
  table: { minWidth: "860px" },
  line: { width: "56px" },
  user: { width: "220px", overflowWrap: "anywhere" },
  device: { width: "150px" },
  status: { width: "120px" },
  // Reasons say what to do: they are shown whole.
  reason: { overflowWrap: "anywhere", paddingBlock: tokens.spacingVerticalXS },
});

const columns = [
  ["line", "provision.upload.line"],
  ["user", "provision.bulk.user"],
  ["device", "device.macAddress"],
  ["status", "provision.bulk.status"],
  ["reason", "provision.bulk.reason"],
] as const;

/** The lines of a bulk sign-in, a hundred at the most, each with its status and the whole reason. */
export function BulkSignInLines({ items }: { readonly items: readonly BulkSignInItem[] }) {
  const { t } = useTranslation();
  const styles = useStyles();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard (WCAG 2.1.1)
    <section className={styles.frame} aria-label={t("provision.upload.preview")} tabIndex={0}>
      <Table className={styles.table} aria-label={t("provision.upload.preview")}>
        <TableHeader>
          <TableRow>
            {columns.map(([id, label]) => (
              <TableHeaderCell key={id} className={styles[id]}>
                {t(label)}
              </TableHeaderCell>
            ))}
          </TableRow>
        </TableHeader>
        <TableBody>
          {items.map(({ line, username, hardwareId, macAddress, status, reason }) => (
            <TableRow key={line}>
              <TableCell className={styles.line}>{line}</TableCell>
              <TableCell className={styles.user}>{username}</TableCell>
              <TableCell className={styles.device}>
                {macAddress === null ? (
                  hardwareId
                ) : (
                  <Link to={`/devices/${macAddress}`}>{macAddress}</Link>
                )}
              </TableCell>
              <TableCell className={styles.status}>
                <BulkSignInStatus status={status} />
              </TableCell>
              <TableCell className={styles.reason}>{reason}</TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </section>
  );
}
