import {
  Button,
  Menu,
  MenuItemCheckbox,
  MenuList,
  MenuPopover,
  MenuTrigger,
} from "@fluentui/react-components";
import { TableSettingsRegular } from "@fluentui/react-icons";
import { useTranslation } from "react-i18next";
import type { DeviceColumn } from "./device-columns.tsx";
import { namingColumn } from "./remembered-view.ts";

/** Chooses which columns are shown. */
export function ColumnMenu({
  columns,
  shown,
  onShown,
}: {
  /** All there are. */
  readonly columns: readonly DeviceColumn[];
  /** Ids. */
  readonly shown: readonly string[];
  readonly onShown: (ids: readonly string[]) => void;
}) {
  const { t } = useTranslation();
  return (
    <Menu
      persistOnItemClick
      checkedValues={{ columns: [...shown] }}
      onCheckedValueChange={(_, { checkedItems }) => onShown(checkedItems)}
    >
      <MenuTrigger disableButtonEnhancement>
        <Button icon={<TableSettingsRegular />}>{t("devices.columns")}</Button>
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          {columns.map(({ id, label }) => (
            <MenuItemCheckbox key={id} name="columns" value={id} disabled={id === namingColumn}>
              {label}
            </MenuItemCheckbox>
          ))}
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
