import { useTranslation } from "react-i18next";
import type { Device } from "../../api/types.ts";
import { Fact, Facts } from "../../parts/facts.tsx";
import { FactsCard } from "../../parts/facts-card.tsx";
import { TimeText } from "../../parts/time-text.tsx";
import { LocationFact } from "./location-fact.tsx";
import { useCompatibleModel } from "./use-compatible-model.ts";

/** Which phone it is, where it stands, and whether it can be served. */
export function PhoneCard({
  device,
  onChanged,
}: {
  readonly device: Device;
  readonly onChanged: () => void;
}) {
  const { t } = useTranslation();
  const { vendor, model, firmware, supported, unsupportedReason, region, language } = device;
  const listed = useCompatibleModel(device);
  return (
    <FactsCard title={t("devicePage.phone")}>
      <Facts>
        <LocationFact device={device} onChanged={onChanged} />
        <Fact name={t("devicePage.model")}>
          {vendor === null && model === null ? null : [vendor, model].filter(Boolean).join(" ")}
        </Fact>
        <Fact name={t("devicePage.firmware")}>{firmware}</Fact>
        {listed !== undefined && (
          <>
            <Fact name={t("devicePage.leastFirmware")}>
              {listed.leastFirmware ?? t("devicePage.anyFirmware")}
            </Fact>
            <Fact name={t("devicePage.approvedFirmware")}>{listed.approvedFirmware}</Fact>
          </>
        )}
        <Fact name={t("devicePage.compatible")}>
          {supported === false
            ? (unsupportedReason ?? t("devicePage.supported.false"))
            : t(`devicePage.supported.${supported}`)}
        </Fact>
        <Fact name={t("devicePage.region")}>{region?.toUpperCase()}</Fact>
        <Fact name={t("devicePage.language")}>{language}</Fact>
        <Fact name={t("devicePage.lastSeen")}>
          <TimeText at={device.lastSeenAt} />
        </Fact>
      </Facts>
    </FactsCard>
  );
}
