import { makeStyles, ProgressBar, Subtitle2, Text, tokens } from "@fluentui/react-components";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { CallingPolicy } from "../../api/user-types.ts";
import { DataTable } from "../../parts/data-table.tsx";
import type { SortOrder } from "../../parts/sort-rows.ts";
import { DueText } from "./due-text.tsx";
import { phoneColumns } from "./phone-columns.tsx";
import { type PolicyPhone, progressOf } from "./policy-phones.ts";

const useStyles = makeStyles({
  column: {
    display: "flex",
    flexDirection: "column",
    gap: tokens.spacingVerticalM,
    minHeight: 0,
    minWidth: 0,
  },
  title: { margin: 0 },
  counts: { display: "flex", flexWrap: "wrap", columnGap: tokens.spacingHorizontalL },
});

/** Which phones have a policy's last change, and which are still to come, by when; live. */
export function PolicyProgressView({
  policy,
  phones,
}: {
  readonly policy: CallingPolicy;
  readonly phones: readonly PolicyPhone[];
}) {
  const { t } = useTranslation();
  const styles = useStyles();
  const [order, setOrder] = useState<SortOrder>({ column: "progress", descending: false });
  const columns = useMemo(() => phoneColumns(t), [t]);
  const { all, has, coming, away, dueAt } = progressOf(phones);
  const label = t("policies.phonesOf", { version: policy.version });
  return (
    <div className={styles.column}>
      <Subtitle2 as="h2" className={styles.title}>
        {label}
      </Subtitle2>
      {all > 0 && (
        <ProgressBar
          aria-label={t("policies.haveIt", { has, count: all })}
          value={has}
          max={all}
          thickness="large"
          color={has === all ? "success" : "brand"}
        />
      )}
      <div className={styles.counts} role="status">
        {all > 0 && <Text weight="semibold">{t("policies.haveIt", { has, count: all })}</Text>}
        {coming > 0 && dueAt !== null && (
          <Text>
            {t("policies.coming", { count: coming })} <DueText at={dueAt} />
          </Text>
        )}
        {away > 0 && <Text>{t("policies.away", { count: away })}</Text>}
      </div>
      <DataTable
        label={label}
        columns={columns}
        rows={phones}
        keyOf={({ device }) => device.macAddress}
        nameOf={({ device }) => device.macAddress}
        order={order}
        onOrder={setOrder}
        empty={t("policies.noPhones")}
      />
    </div>
  );
}
