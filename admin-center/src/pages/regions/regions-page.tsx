import { makeStyles, Spinner, Tab, TabList, tokens } from "@fluentui/react-components";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { call } from "../../api/call.ts";
import type { ProvisioningGuide } from "../../api/guide-types.ts";
import { useResource } from "../../live/use-resource.ts";
import { ErrorNotice } from "../../parts/error-notice.tsx";
import { PageFrame } from "../../parts/page-frame.tsx";
import { DhcpCard } from "./dhcp-card.tsx";
import { ModelsCard } from "./models-card.tsx";
import { VendorCard } from "./vendor-card.tsx";

const path = "/provisioning-guide";

const useStyles = makeStyles({
  content: { display: "grid", gap: tokens.spacingVerticalM },
  vendors: {
    display: "grid",
    gridTemplateColumns: "repeat(auto-fit, minmax(min(100%, 420px), 1fr))",
    gap: tokens.spacingHorizontalM,
    alignItems: "start",
  },
});

/** Regions and provisioning: what phones are pointed at, how, and which phones. */
export default function RegionsPage() {
  const { t } = useTranslation();
  const styles = useStyles();
  const { data, error, reload } = useResource(path, (signal) =>
    call<ProvisioningGuide>(path, { signal }),
  );
  return (
    <PageFrame title={t("regions.title")} lead={t("regions.lead")}>
      <div className={styles.content}>
        {error !== undefined && <ErrorNotice error={error} onRetry={reload} />}
        {data === undefined && error === undefined && <Spinner label={t("table.loading")} />}
        {data !== undefined && (
          <>
            <Vendors guide={data} />
            <DhcpCard options={data.dhcpOptions} />
          </>
        )}
        <ModelsCard />
      </div>
    </PageFrame>
  );
}

function Vendors({ guide }: { readonly guide: ProvisioningGuide }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const id = useId();
  const regions = guide.vendors[0]?.urls.map(({ region }) => region) ?? [];
  const [chosen, setChosen] = useState<string>();
  const region = chosen ?? regions[0];
  return (
    <>
      <TabList
        aria-label={t("regions.region")}
        selectedValue={region}
        onTabSelect={(_, { value }) => setChosen(String(value))}
      >
        {regions.map((one) => (
          <Tab key={one} value={one} id={`${id}-${one}`} aria-controls={`${id}-panel`}>
            {t(`region.${one}`)}
          </Tab>
        ))}
      </TabList>
      <div
        role="tabpanel"
        id={`${id}-panel`}
        aria-labelledby={`${id}-${region}`}
        className={styles.vendors}
      >
        {guide.vendors.map((vendor) => {
          const urls = vendor.urls.find((one) => one.region === region);
          return urls && <VendorCard key={vendor.vendor} guide={vendor} urls={urls} />;
        })}
      </div>
    </>
  );
}
