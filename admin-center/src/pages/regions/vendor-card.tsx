import {
  Accordion,
  AccordionHeader,
  AccordionItem,
  AccordionPanel,
  makeStyles,
  Text,
  tokens,
} from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import type { GuideUrls, VendorGuide } from "../../api/guide-types.ts";
import { FactsCard } from "../../parts/facts-card.tsx";
import { UrlLine } from "./url-line.tsx";

const useStyles = makeStyles({
  ways: { display: "grid", gap: tokens.spacingVerticalM },
  steps: { margin: 0, paddingInlineStart: tokens.spacingHorizontalXL },
});

/** How one vendor's phones are pointed at the gateway in a region: what to enter, and where. */
export function VendorCard({
  guide: { vendor, dhcpOption, ways },
  urls,
}: {
  readonly guide: VendorGuide;
  readonly urls: GuideUrls;
}) {
  const { t, i18n } = useTranslation();
  const styles = useStyles();
  const languageNames = new Intl.DisplayNames(i18n.language, { type: "language" });
  return (
    <FactsCard title={vendor}>
      <UrlLine name={t("regions.url")} of={vendor} url={urls.url} />
      <Text>{t("regions.option", { option: dhcpOption })}</Text>
      <Accordion collapsible multiple>
        <AccordionItem value="ways">
          <AccordionHeader as="h3">{t("regions.ways")}</AccordionHeader>
          <AccordionPanel className={styles.ways}>
            <Text>{t("regions.waysText")}</Text>
            {ways.map(({ models, place, steps }) => (
              <div key={`${models} ${place}`}>
                <Text weight="semibold">{t(`regions.place.${place}`, { models })}</Text>
                <ol className={styles.steps} lang="en">
                  {steps.map((step) => (
                    <li key={step}>{step}</li>
                  ))}
                </ol>
              </div>
            ))}
          </AccordionPanel>
        </AccordionItem>
        <AccordionItem value="more">
          <AccordionHeader as="h3">{t("regions.more")}</AccordionHeader>
          <AccordionPanel>
            <UrlLine name={t("regions.tenantUrl")} of={vendor} url={urls.tenantUrl} />
            {urls.languageUrls.map(({ language, url }) => (
              <UrlLine
                key={language}
                name={t("regions.languageUrl", { language: languageNames.of(language) })}
                of={vendor}
                url={url}
              />
            ))}
          </AccordionPanel>
        </AccordionItem>
      </Accordion>
    </FactsCard>
  );
}
