/** The languages of the page, named in themselves. */
export const languages = {
  en: "English",
  es: "Español",
  ja: "日本語",
  de: "Deutsch",
  fr: "Français",
  pt: "Português",
} as const;

export type Language = keyof typeof languages;

/** Whether it is one of the page's languages. */
export function isLanguage(text: string | null): text is Language {
  return text !== null && Object.hasOwn(languages, text);
}
