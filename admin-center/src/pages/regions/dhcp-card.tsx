import {
  makeStyles,
  Table,
  TableBody,
  TableCell,
  TableHeader,
  TableHeaderCell,
  TableRow,
  Text,
} from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import type { ProvisioningGuide } from "../../api/guide-types.ts";
import { FactsCard } from "../../parts/facts-card.tsx";

const useStyles = makeStyles({
  frame: { overflowX: "auto" },
  table: { minWidth: "560px" },
  value: { overflowWrap: "anywhere" },
});

/** What a network's DHCP server can tell phones, so that nobody types a URL into them. */
export function DhcpCard({ options }: { readonly options: ProvisioningGuide["dhcpOptions"] }) {
  const { t, i18n } = useTranslation();
  const styles = useStyles();
  const list = new Intl.ListFormat(i18n.language, { type: "conjunction" });
  return (
    <FactsCard title={t("regions.dhcp")}>
      <Text>{t("regions.dhcpText")}</Text>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by the keyboard (WCAG 2.1.1) */}
      <section className={styles.frame} aria-label={t("regions.dhcpTable")} tabIndex={0}>
        <Table size="small" className={styles.table} aria-label={t("regions.dhcpTable")}>
          <TableHeader>
            <TableRow>
              <TableHeaderCell>{t("regions.dhcpOption")}</TableHeaderCell>
              <TableHeaderCell>{t("regions.dhcpMeaning")}</TableHeaderCell>
              <TableHeaderCell>{t("regions.dhcpValue")}</TableHeaderCell>
              <TableHeaderCell>{t("regions.dhcpVendors")}</TableHeaderCell>
            </TableRow>
          </TableHeader>
          <TableBody>
            {options.map(({ option, meaning, value, vendors }) => (
              <TableRow key={option}>
                <TableCell>{option}</TableCell>
                <TableCell>{meaning}</TableCell>
                <TableCell className={styles.value}>{value ?? t("regions.vendorUrl")}</TableCell>
                <TableCell>{list.format(vendors)}</TableCell>
              </TableRow>
            ))}
          </TableBody>
        </Table>
      </section>
    </FactsCard>
  );
}
