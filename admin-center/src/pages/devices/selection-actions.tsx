import { Button, makeStyles, Text, tokens } from "@fluentui/react-components";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Device } from "../../api/types.ts";
import { SignInDialog } from "../../parts/sign-in-dialog.tsx";
import { ActionsMenu, type ChosenAction } from "./actions-menu.tsx";
import { BulkActionDialog } from "./bulk-action-dialog.tsx";
import { mayBeSignedIn } from "./bulk-actions.ts";
import { BulkSignInDialog } from "./bulk-sign-in-dialog.tsx";

const useStyles = makeStyles({
  selection: {
    display: "flex",
    flexWrap: "wrap",
    alignItems: "center",
    gap: tokens.spacingHorizontalS,
  },
});

/** An action that is under way, and the devices that were ticked when it began. */
interface Begun {
  readonly action: ChosenAction;
  readonly devices: readonly Device[];
}

/** How many devices are ticked, and what can be done to them. */
export function SelectionActions({
  devices,
  shown,
  keys,
  onKeys,
}: {
  readonly devices: ReadonlyMap<string, Device>;
  readonly shown: readonly Device[];
  /** MAC addresses of those that are ticked. */
  readonly keys: ReadonlySet<string>;
  readonly onKeys: (keys: ReadonlySet<string>) => void;
}) {
  const { t } = useTranslation();
  const styles = useStyles();
  const [begun, setBegun] = useState<Begun>();
  const selected = useMemo(
    () => [...keys].flatMap((key) => devices.get(key) ?? []),
    [keys, devices],
  );
  const hidden = useMemo(() => countHidden(keys, devices, shown), [keys, devices, shown]);
  return (
    <div className={styles.selection}>
      <ActionsMenu
        devices={selected}
        onChoose={(action) => setBegun({ action, devices: selected })}
      />
      <Text role="status">
        {selected.length > 0 && t("devices.selected", { count: selected.length })}
        {hidden > 0 && ` ${t("devices.hidden", { count: hidden })}`}
      </Text>
      {selected.length > 0 && (
        <Button size="small" appearance="subtle" onClick={() => onKeys(new Set())}>
          {t("devices.clearSelection")}
        </Button>
      )}
      {begun !== undefined && (
        <BegunAction
          {...begun}
          onClose={(failed) => {
            setBegun(undefined);
            if (failed !== undefined) onKeys(failed);
          }}
        />
      )}
    </div>
  );
}

function BegunAction({
  action,
  devices,
  onClose,
}: Begun & {
  /** With those that are to stay ticked; nothing where the action was called off. */
  readonly onClose: (failed?: ReadonlySet<string>) => void;
}) {
  if (action !== "signIn") {
    return <BulkActionDialog id={action} devices={devices} onClose={onClose} />;
  }
  const waiting = devices.filter(mayBeSignedIn);
  const [only] = waiting;
  if (only !== undefined && waiting.length === 1) {
    return <SignInDialog device={only} onClose={() => onClose()} />;
  }
  return <BulkSignInDialog devices={waiting} onClose={() => onClose()} />;
}

function countHidden(
  keys: ReadonlySet<string>,
  devices: ReadonlyMap<string, Device>,
  shown: readonly Device[],
): number {
  if (keys.size === 0 || shown.length === devices.size) return 0;
  const seen = new Set(shown.map(({ macAddress }) => macAddress));
  return [...keys].filter((key) => devices.has(key) && !seen.has(key)).length;
}
