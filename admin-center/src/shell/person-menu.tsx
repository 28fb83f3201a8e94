import {
  Button,
  Menu,
  MenuDivider,
  MenuGroup,
  MenuGroupHeader,
  MenuItem,
  MenuItemRadio,
  MenuList,
  MenuPopover,
  MenuTrigger,
} from "@fluentui/react-components";
import { PersonCircleRegular } from "@fluentui/react-icons";
import { useTranslation } from "react-i18next";
import { useSession } from "../session/session-context.ts";
import { isLanguage, languages } from "../words/languages.ts";
import { chooseLanguage } from "../words/start-words.ts";
import { type Appearance, appearances } from "./theme.ts";

/** How the page looks now. */
export interface PersonMenuProperties {
  readonly appearance: Appearance;
  readonly onAppearance: (appearance: Appearance) => void;
}

/** Who is signed in to the page; its language and look; the way out. */
export function PersonMenu({ appearance, onAppearance }: PersonMenuProperties) {
  const { t, i18n } = useTranslation();
  const { session, signOut } = useSession();
  return (
    <Menu
      checkedValues={{ appearance: [appearance], language: [i18n.language] }}
      onCheckedValueChange={(_, { name, checkedItems }) => {
        const chosen = checkedItems[0] ?? null;
        if (name === "language" && isLanguage(chosen)) void chooseLanguage(chosen);
        const look = appearances.find((one) => one === chosen);
        if (name === "appearance" && look !== undefined) onAppearance(look);
      }}
    >
      <MenuTrigger disableButtonEnhancement>
        <Button appearance="subtle" icon={<PersonCircleRegular />}>
          {session.name}
        </Button>
      </MenuTrigger>
      <MenuPopover>
        <MenuList>
          <MenuGroup>
            <MenuGroupHeader>{t(`role.${session.role}`)}</MenuGroupHeader>
            <MenuItem onClick={() => void signOut()}>{t("session.signOut")}</MenuItem>
          </MenuGroup>
          <MenuDivider />
          <MenuGroup>
            <MenuGroupHeader>{t("look.title")}</MenuGroupHeader>
            {appearances.map((one) => (
              <MenuItemRadio key={one} name="appearance" value={one}>
                {t(`look.${one}`)}
              </MenuItemRadio>
            ))}
          </MenuGroup>
          <MenuDivider />
          <MenuGroup>
            <MenuGroupHeader>{t("look.language")}</MenuGroupHeader>
            {Object.entries(languages).map(([language, name]) => (
              <MenuItemRadio key={language} name="language" value={language} lang={language}>
                {name}
              </MenuItemRadio>
            ))}
          </MenuGroup>
        </MenuList>
      </MenuPopover>
    </Menu>
  );
}
