import type { Device } from "../../api/types.ts";

/** How a device's verification code stands. */
export type CodeStanding =
  | { readonly kind: "none" }
  | { readonly kind: "expired" }
  /** Too many wrong codes were dialled on the device. */
  | { readonly kind: "locked" }
  | { readonly kind: "usable"; readonly code: string; readonly millisecondsLeft: number };

/** What a code's standing is read from. */
export type CodeHolder = Pick<Device, "verificationCode" | "attention">;

/** How a device's code stands at this time; a code ends by itself while the page is open. */
export function codeStanding(device: CodeHolder, nowMilliseconds: number): CodeStanding {
  const { verificationCode, attention } = device;
  if (verificationCode === null) {
    const isSo = (what: string) => attention.some(({ code }) => code === what);
    if (isSo("code-locked")) return { kind: "locked" };
    return { kind: isSo("code-expired") ? "expired" : "none" };
  }
  const millisecondsLeft = Date.parse(verificationCode.expiresAt) - nowMilliseconds;
  if (millisecondsLeft <= 0) return { kind: "expired" };
  return { kind: "usable", code: verificationCode.code, millisecondsLeft };
}

/** `23 hr, 59 min` in the page's language; rounded down, so that no code is promised longer than it lives. */
export function formatTimeLeft(millisecondsLeft: number, language: string): string {
  const minutes = Math.max(0, Math.floor(millisecondsLeft / 60_000));
  const unit = (value: number, name: string) =>
    new Intl.NumberFormat(language, { style: "unit", unit: name, unitDisplay: "short" }).format(
      value,
    );
  if (minutes < 60) return unit(minutes, "minute");
  return `${unit(Math.floor(minutes / 60), "hour")} ${unit(minutes % 60, "minute")}`;
}
