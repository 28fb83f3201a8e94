import {
  type Theme,
  teamsHighContrastTheme,
  webDarkTheme,
  webLightTheme,
} from "@fluentui/react-components";
import { useEffect, useState } from "react";

/** How the page looks; `system` follows the browser. */
export const appearances = ["system", "light", "dark", "high-contrast"] as const;

export type Appearance = (typeof appearances)[number];

const rememberedAs = "sip-gateway-appearance";
const dark = matchMedia("(prefers-color-scheme: dark)");
const contrast = matchMedia("(forced-colors: active), (prefers-contrast: more)");

/** The page's look, and how to choose another, which is remembered. */
export function useAppearance(): {
  readonly theme: Theme;
  readonly appearance: Appearance;
  readonly choose: (appearance: Appearance) => void;
} {
  const [appearance, setAppearance] = useState<Appearance>(remembered);
  const [, setTurn] = useState(0);
  useEffect(() => {
    const changed = () => setTurn((turn) => turn + 1);
    for (const query of [dark, contrast]) query.addEventListener("change", changed);
    return () => {
      for (const query of [dark, contrast]) query.removeEventListener("change", changed);
    };
  }, []);
  return {
    theme: themeOf(appearance),
    appearance,
    choose: (chosen) => {
      localStorage.setItem(rememberedAs, chosen);
      setAppearance(chosen);
    },
  };
}

function remembered(): Appearance {
  const stored = localStorage.getItem(rememberedAs);
  return appearances.find((appearance) => appearance === stored) ?? "system";
}

function themeOf(appearance: Appearance): Theme {
  switch (appearance) {
    case "light":
      return webLightTheme;
    case "dark":
      return webDarkTheme;
    case "high-contrast":
      return teamsHighContrastTheme;
    case "system":
      if (contrast.matches) return teamsHighContrastTheme;
      return dark.matches ? webDarkTheme : webLightTheme;
  }
}
