import { useEffect, useState } from "react";
import type { CallRecord } from "../../api/call-types.ts";
import { formatCountdown } from "../../parts/format-countdown.ts";
import { talkedSeconds } from "./call-standing.ts";

/** How long was talked, moving each second while it lasts; a dash where nobody answered. */
export function CallDuration({ call }: { readonly call: CallRecord }) {
  const isTalking = call.answeredAt !== null && call.endedAt === null;
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    if (!isTalking) return;
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, [isTalking]);
  const seconds = talkedSeconds(call, now);
  if (seconds === undefined) return <span aria-hidden="true">–</span>;
  const text = formatCountdown(seconds * 1000);
  return isTalking ? (
    <span role="timer" aria-live="off">
      {text}
    </span>
  ) : (
    text
  );
}
