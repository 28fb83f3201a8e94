import { Badge, Checkbox, makeStyles, Text, tokens } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import type { AccessRule } from "../../api/access-types.ts";
import { FactsCard } from "../../parts/facts-card.tsx";
import { addressStanding, foreignAddresses, withAddress } from "./change-rule.ts";
import { RemoveButton } from "./remove-button.tsx";
import type { RuleControl } from "./use-rule.ts";

const colors = {
  blocked: "danger",
  excluded: "success",
  trusted: "success",
  allowed: "informative",
} as const;

const useStyles = makeStyles({
  regions: {
    display: "grid",
    gridTemplateColumns: "repeat(auto-fit, minmax(min(100%, 280px), 1fr))",
    gap: tokens.spacingHorizontalL,
  },
  region: { border: "none", margin: 0, padding: 0, minWidth: 0 },
  name: { fontWeight: tokens.fontWeightSemibold, padding: 0 },
  address: { minWidth: "140px" },
  line: { display: "flex", flexWrap: "wrap", alignItems: "center" },
});

/** The gateway's addresses by region, each excluded from the rule or not. */
export function AddressesCard({
  rule,
  control,
  mayChange,
}: {
  readonly rule: AccessRule;
  readonly control: RuleControl;
  readonly mayChange: boolean;
}) {
  const { t } = useTranslation();
  const styles = useStyles();
  return (
    <FactsCard title={t("access.addresses")}>
      <Text>{t("access.addressesText")}</Text>
      <div className={styles.regions}>
        {Object.entries(rule.gatewayAddresses).map(([region, addresses]) => (
          <fieldset key={region} className={styles.region}>
            <legend className={styles.name}>{t(`region.${region}`)}</legend>
            {addresses.map((address) => {
              const standing = addressStanding(rule, address);
              return (
                <div key={address} className={styles.line}>
                  {mayChange ? (
                    <Checkbox
                      label={t("access.exclude", { address })}
                      checked={standing === "excluded"}
                      onChange={(_, { checked }) =>
                        void control.save(withAddress(rule, address, checked === true))
                      }
                    />
                  ) : (
                    <span className={styles.address}>{address}</span>
                  )}
                  <Badge appearance="tint" color={colors[standing]}>
                    {t(`access.standing.${standing}`)}
                  </Badge>
                </div>
              );
            })}
          </fieldset>
        ))}
      </div>
      <ForeignAddresses rule={rule} control={control} mayChange={mayChange} />
    </FactsCard>
  );
}

function ForeignAddresses({
  rule,
  control,
  mayChange,
}: {
  readonly rule: AccessRule;
  readonly control: RuleControl;
  readonly mayChange: boolean;
}) {
  const { t } = useTranslation();
  const styles = useStyles();
  const addresses = foreignAddresses(rule);
  if (addresses.length === 0) return null;
  return (
    <div>
      <Text>{t("access.foreign")}</Text>
      {addresses.map((address) => (
        <div key={address} className={styles.line}>
          <span>{address}</span>
          {mayChange && (
            <RemoveButton
              label={t("access.removeAddress", { address })}
              onRemove={() => void control.save(withAddress(rule, address, false))}
            />
          )}
        </div>
      ))}
    </div>
  );
}
