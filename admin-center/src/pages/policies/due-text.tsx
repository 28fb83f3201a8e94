import { useTranslation } from "react-i18next";
import { formatDateTime, useNow } from "../../parts/time-text.tsx";

const dayMilliseconds = 24 * 60 * 60 * 1000;

/** `by 14:05 at the latest`, or that this time is over. */
export function DueText({ at }: { readonly at: string }) {
  const { t, i18n } = useTranslation();
  const now = useNow();
  const due = new Date(at).getTime();
  const time = clockTime(due, now, i18n.language);
  return (
    <time dateTime={at} title={formatDateTime(at, i18n.language)}>
      {t(due < now ? "policies.overdue" : "policies.due", { time })}
    </time>
  );
}

/** The time of day; with the date where it is not within a day. */
function clockTime(at: number, now: number, language: string): string {
  const isFar = Math.abs(at - now) > dayMilliseconds;
  const format = new Intl.DateTimeFormat(language, {
    timeStyle: "short",
    ...(isFar ? { dateStyle: "short" } : {}),
  });
  return format.format(at);
}
