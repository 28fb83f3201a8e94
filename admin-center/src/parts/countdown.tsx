import { useEffect, useState } from "react";
import { formatCountdown } from "./format-countdown.ts";

/** The time left until a moment of the browser's clock, moving each second; screen readers are not told each. */
export function Countdown({ untilMilliseconds }: { readonly untilMilliseconds: number }) {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return (
    <span role="timer" aria-live="off">
      {formatCountdown(untilMilliseconds - now)}
    </span>
  );
}
