import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

const units = [
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
] as const;

/** `3 minutes ago`, `in 2 hours`; the exact time on hover. An em dash for no time. */
export function TimeText({ at }: { readonly at: string | null }) {
  const { i18n } = useTranslation();
  useNow();
  if (at === null) return <span aria-hidden="true">–</span>;
  return (
    <time dateTime={at} title={formatDateTime(at, i18n.language)}>
      {/* Now itself: the page's last tick may lie before what has just come. */}
      {relativeTime(new Date(at).getTime() - Date.now(), i18n.language)}
    </time>
  );
}

/** A date and time in the page's language, in the browser's time zone. */
export function formatDateTime(at: string, language: string): string {
  return formatsOf(language).exact.format(new Date(at));
}

// Making a format costs more than a hundred uses of it, and a table shows a hundred times.
const formats = new Map<string, ReturnType<typeof makeFormats>>();

function formatsOf(language: string): ReturnType<typeof makeFormats> {
  const kept = formats.get(language) ?? makeFormats(language);
  formats.set(language, kept);
  return kept;
}

function makeFormats(language: string) {
  return {
    exact: new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "medium" }),
    relative: new Intl.RelativeTimeFormat(language, { numeric: "auto" }),
  };
}

function relativeTime(milliseconds: number, language: string): string {
  const format = formatsOf(language).relative;
  const seconds = Math.round(milliseconds / 1000);
  for (const [unit, length] of units) {
    if (Math.abs(seconds) >= length) return format.format(Math.trunc(seconds / length), unit);
  }
  return format.format(seconds, "second");
}

const tickMilliseconds = 10_000;
const watchers = new Set<() => void>();
let ticking: ReturnType<typeof setInterval> | undefined;

/** The time, in milliseconds; one timer moves all times of the page. */
export function useNow(): number {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const watcher = () => setNow(Date.now());
    watchers.add(watcher);
    ticking ??= setInterval(() => {
      for (const tell of watchers) tell();
    }, tickMilliseconds);
    return () => {
      watchers.delete(watcher);
      if (watchers.size > 0) return;
      clearInterval(ticking);
      ticking = undefined;
    };
  }, []);
  return now;
}
