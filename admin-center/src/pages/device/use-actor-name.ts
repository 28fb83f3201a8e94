import { useTranslation } from "react-i18next";

const ours: ReadonlySet<string> = new Set(["phone", "gateway", "unknown"]);

/** Tells who did something: the phone, the gateway or nobody known in words, an administrator by name. */
export function useActorName(): (actor: string) => string {
  const { t } = useTranslation();
  return (actor) => (ours.has(actor) ? t(`devicePage.actor.${actor}`) : actor);
}
