import { Text } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import type { Registration } from "../../api/device-page-types.ts";
import type { Device } from "../../api/types.ts";
import { Countdown } from "../../parts/countdown.tsx";
import { Fact, Facts } from "../../parts/facts.tsx";
import { FactsCard } from "../../parts/facts-card.tsx";
import { TimeText } from "../../parts/time-text.tsx";

/** A device's place in the network, and its registration with the time until it must be refreshed. */
export function RegistrationCard({
  device,
  registrations,
}: {
  readonly device: Device;
  /** Undefined until they have come. */
  readonly registrations: readonly Registration[] | undefined;
}) {
  const { t } = useTranslation();
  return (
    <FactsCard title={t("devicePage.registration")}>
      {registrations?.length === 0 && <Text>{t("devicePage.notRegistered")}</Text>}
      <Facts>
        <Fact name={t("devicePage.ipAddress")}>{device.ipAddress}</Fact>
        {registrations?.map((registration) => (
          <RegistrationFacts
            key={`${registration.aor} ${registration.contact} ${registration.callId}`}
            registration={registration}
          />
        ))}
      </Facts>
    </FactsCard>
  );
}

function RegistrationFacts({ registration }: { readonly registration: Registration }) {
  const { t } = useTranslation();
  const { aor, contact, source, transport, userAgent, node } = registration;
  return (
    <>
      <Fact name={t("devicePage.aor")}>{aor}</Fact>
      <Fact name={t("devicePage.expiresIn")}>
        <Countdown untilMilliseconds={Date.parse(registration.expiresAt)} />
      </Fact>
      <Fact name={t("devicePage.refreshed")}>
        <TimeText at={registration.refreshedAt} />
      </Fact>
      <Fact name={t("devicePage.registeredSince")}>
        <TimeText at={registration.registeredAt} />
      </Fact>
      <Fact name={t("devicePage.source")}>
        {source} ({transport.toUpperCase()})
      </Fact>
      <Fact name={t("devicePage.contact")}>{contact}</Fact>
      <Fact name={t("devicePage.userAgent")}>{userAgent}</Fact>
      <Fact name={t("devicePage.node")}>{node}</Fact>
    </>
  );
}
