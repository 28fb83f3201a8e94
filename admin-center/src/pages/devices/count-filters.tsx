import { makeStyles, ToggleButton, tokens } from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import { type DeviceFilter, deviceFilters } from "./device-filters.ts";

const useStyles = makeStyles({
  filters: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS },
  count: { fontWeight: tokens.fontWeightBold, marginInlineStart: tokens.spacingHorizontalXS },
});

/** How many devices there are of each kind; pressed, only those are shown. */
export function CountFilters({
  counts,
  filter,
  onFilter,
}: {
  readonly counts: Readonly<Record<DeviceFilter, number>>;
  readonly filter: DeviceFilter;
  readonly onFilter: (filter: DeviceFilter) => void;
}) {
  const { t, i18n } = useTranslation();
  const styles = useStyles();
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for a form's fields
    <div className={styles.filters} role="group" aria-label={t("devices.filter.label")}>
      {deviceFilters.map((one) => (
        <ToggleButton
          key={one}
          size="small"
          appearance={one === filter ? "primary" : "outline"}
          checked={one === filter}
          onClick={() => onFilter(one === filter ? "all" : one)}
        >
          {t(`devices.filter.${one}`)}{" "}
          <span className={styles.count}>{counts[one].toLocaleString(i18n.language)}</span>
        </ToggleButton>
      ))}
    </div>
  );
}
