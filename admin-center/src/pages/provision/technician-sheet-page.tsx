import { Button, makeStyles, tokens } from "@fluentui/react-components";
import { ArrowLeftRegular, PrintRegular } from "@fluentui/react-icons";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useLocation, useNavigate } from "react-router";
import type { Device } from "../../api/types.ts";
import { useInventory } from "../../live/use-inventory.ts";
import { ErrorNotice } from "../../parts/error-notice.tsx";
import { PageFrame } from "../../parts/page-frame.tsx";
import { formatDateTime, useNow } from "../../parts/time-text.tsx";
import { sheetLines } from "./sheet-lines.ts";

const narrow = "@media (max-width: 800px)";
// What is printed is black on white, however the page looks on the screen.
const ink = { "@media print": { color: "black", borderColor: "black" } };

const useStyles = makeStyles({
  sheet: {
    padding: tokens.spacingHorizontalL,
    [narrow]: { padding: tokens.spacingHorizontalS },
    overflowX: "auto",
    flexShrink: 0,
    backgroundColor: tokens.colorNeutralBackground1,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusMedium,
    "@media print": { color: "black", backgroundColor: "white", border: "none", padding: 0 },
  },
  facts: { display: "flex", flexWrap: "wrap", columnGap: tokens.spacingHorizontalXXL, margin: 0 },
  fact: { display: "flex", gap: tokens.spacingHorizontalS },
  value: { margin: 0, fontWeight: tokens.fontWeightSemibold },
  howTo: { marginBlock: tokens.spacingVerticalM },
  table: {
    width: "100%",
    borderCollapse: "collapse",
    fontSize: tokens.fontSizeBase400,
    [narrow]: { fontSize: tokens.fontSizeBase300 },
  },
  head: {
    textAlign: "start",
    padding: tokens.spacingVerticalS,
    borderBottom: `2px solid ${tokens.colorNeutralStrokeAccessible}`,
    ...ink,
  },
  line: { breakInside: "avoid" },
  cell: {
    padding: tokens.spacingVerticalS,
    borderBottom: `1px solid ${tokens.colorNeutralStroke1}`,
    ...ink,
  },
  fixed: { fontFamily: tokens.fontFamilyMonospace, whiteSpace: "nowrap" },
});

/** The sheet that a technician takes along: a line for each device, with what to dial on it. */
export function TechnicianSheetPage() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { devices, status, error } = useInventory();
  const { state } = useLocation() as { readonly state: { macAddresses?: string[] } | null };
  const wanted = state?.macAddresses;
  const now = useNow();
  const lines = useMemo(
    () => sheetLines(devices, wanted === undefined ? undefined : new Set(wanted), now),
    [devices, wanted, now],
  );
  return (
    <PageFrame
      title={t("provision.sheet.title")}
      actions={
        <>
          <Button icon={<ArrowLeftRegular />} onClick={() => void navigate("/provision")}>
            {t("provision.back")}
          </Button>
          <Button
            appearance="primary"
            icon={<PrintRegular />}
            disabled={lines.length === 0}
            onClick={() => window.print()}
          >
            {t("provision.sheet.print")}
          </Button>
        </>
      }
    >
      {error !== undefined && <ErrorNotice error={error} />}
      {lines.length > 0 && <Sheet lines={lines} nowMilliseconds={now} />}
      {lines.length === 0 && t(status === "loading" ? "table.loading" : "provision.sheet.none")}
    </PageFrame>
  );
}

function Sheet({
  lines,
  nowMilliseconds,
}: {
  readonly lines: readonly Device[];
  readonly nowMilliseconds: number;
}) {
  const { t, i18n } = useTranslation();
  const styles = useStyles();
  const expiries = lines.flatMap((line) => line.verificationCode?.expiresAt ?? []).sort();
  const facts = [
    [t("provision.sheet.tenant"), lines[0]?.tenantName ?? ""],
    [
      t("provision.sheet.date"),
      formatDateTime(new Date(nowMilliseconds).toISOString(), i18n.language),
    ],
    [t("provision.sheet.expires"), formatDateTime(expiries[0] ?? "", i18n.language)],
    [t("provision.sheet.devices"), String(lines.length)],
  ] as const;
  return (
    <div className={styles.sheet}>
      <dl className={styles.facts}>
        {facts.map(([name, value]) => (
          <div key={name} className={styles.fact}>
            <dt>{name}</dt>
            <dd className={styles.value}>{value}</dd>
          </div>
        ))}
      </dl>
      <p className={styles.howTo}>{t("provision.sheet.howTo")}</p>
      <SheetTable lines={lines} />
    </div>
  );
}

function SheetTable({ lines }: { readonly lines: readonly Device[] }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const fixedCell = `${styles.cell} ${styles.fixed}`;
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          {["device.macAddress", "device.location", "provision.sheet.dial"].map((name) => (
            <th key={name} scope="col" className={styles.head}>
              {t(name)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {lines.map(({ macAddress, location, verificationCode }) => (
          <tr key={macAddress} className={styles.line}>
            <td className={fixedCell}>{macAddress}</td>
            <td className={styles.cell}>{location}</td>
            <td className={fixedCell}>
              <strong>*55*{verificationCode?.code}</strong>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
