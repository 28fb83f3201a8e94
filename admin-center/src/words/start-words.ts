import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { isLanguage, type Language } from "./languages.ts";

const rememberedAs = "sip-gateway-language";
const files = import.meta.glob<{ default: Record<string, unknown> }>("./*.json");

/** Loads the words of the language that was chosen last, else of the browser's, else English. */
export async function startWords(): Promise<void> {
  const language = firstLanguage();
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: "en",
    // React escapes; a word that is shown is never markup.
    interpolation: { escapeValue: false },
    resources: {},
    partialBundledLanguages: true,
  });
  await Promise.all([addWords("en"), addWords(language)]);
  await showLanguage(language);
}

/** Shows the page in another language, now and at the next visit. */
export async function chooseLanguage(language: Language): Promise<void> {
  await addWords(language);
  localStorage.setItem(rememberedAs, language);
  await showLanguage(language);
}

async function showLanguage(language: Language): Promise<void> {
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}

async function addWords(language: Language): Promise<void> {
  if (i18next.hasResourceBundle(language, "translation")) return;
  const load = files[`./${language}.json`];
  if (load === undefined) return;
  i18next.addResourceBundle(language, "translation", (await load()).default);
}

function firstLanguage(): Language {
  const remembered = localStorage.getItem(rememberedAs);
  if (isLanguage(remembered)) return remembered;
  const wanted = navigator.languages.map((tag) => tag.split("-")[0] ?? "");
  return wanted.find(isLanguage) ?? "en";
}
