import {
  Menu,
  MenuButton,
  MenuDivider,
  MenuItem,
  MenuList,
  MenuPopover,
  MenuTrigger,
} from "@fluentui/react-components";
import {
  ArrowClockwiseRegular,
  ArrowSyncRegular,
  DeleteRegular,
  NumberSymbolRegular,
  PersonAddRegular,
  SignOutRegular,
} from "@fluentui/react-icons";
import type { ReactElement } from "react";
import { useTranslation } from "react-i18next";
import type { Device, Role } from "../../api/types.ts";
import { useMay } from "../../session/session-context.ts";
import { type BulkActionId, bulkActions, mayBeSignedIn } from "./bulk-actions.ts";

/** What can be chosen for the devices that are ticked. */
export type ChosenAction = BulkActionId | "signIn";

const icons: Readonly<Record<ChosenAction, ReactElement>> = {
  code: <NumberSymbolRegular />,
  signIn: <PersonAddRegular />,
  signOut: <SignOutRegular />,
  restart: <ArrowClockwiseRegular />,
  sync: <ArrowSyncRegular />,
  delete: <DeleteRegular />,
};

const order = ["code", "signIn", "signOut", "restart", "sync"] as const;

/** What can be done to the devices that are ticked, and to how many of them. */
export function ActionsMenu({
  devices,
  onChoose,
}: {
  readonly devices: readonly Device[];
  readonly onChoose: (action: ChosenAction) => void;
}) {
  const { t, i18n } = useTranslation();
  const mayOf: Readonly<Record<Role, boolean>> = {
    reader: true,
    technician: useMay("technician"),
    administrator: useMay("administrator"),
  };
  const item = (action: ChosenAction) => {
    const { role, isFor } = actionOf(action);
    if (!mayOf[role]) return null;
    const count = devices.filter(isFor).length;
    return (
      <MenuItem
        key={action}
        icon={icons[action]}
        disabled={count === 0}
        secondaryContent={count.toLocaleString(i18n.language)}
        onClick={() => onChoose(action)}
      >
        {t(`devices.action.${action}.name`)}
      </MenuItem>
    );
  };
  if (!mayOf.technician) return null;
  return (
    <Menu>
      <MenuTrigger disableButtonEnhancement>
        <MenuButton disabled={devices.length === 0}>{t("devices.actions")}</MenuButton>
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          {order.map(item)}
          {mayOf.administrator && <MenuDivider />}
          {item("delete")}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}

function actionOf(action: ChosenAction): {
  readonly role: Role;
  readonly isFor: (device: Device) => boolean;
} {
  if (action === "signIn") return { role: "administrator", isFor: mayBeSignedIn };
  return bulkActions[action];
}
