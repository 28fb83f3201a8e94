/** The languages that are offered; English is the one without a path of its own. */
export const phoneLanguages = ["en", "es", "ja", "de", "fr", "pt"] as const;

/** Languages a phone's screen can be set to, as in `/lang_de/`. */
export type PhoneLanguage = (typeof phoneLanguages)[number];

/** Reads `de`, `DE` or `pt-br`; undefined for a language that is not offered. */
export function parsePhoneLanguage(text: string): PhoneLanguage | undefined {
  const primary = text.toLowerCase().split(/[-_]/, 1)[0];
  return phoneLanguages.find((language) => language === primary);
}
