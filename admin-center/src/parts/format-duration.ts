const units = [
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
] as const;

/** `3 days, 4 hours`: the two largest units of a length of time, in a language. */
export function formatDuration(seconds: number, language: string): string {
  const whole = Math.max(0, Math.floor(seconds));
  const first = units.findIndex(([, length]) => whole >= length);
  const shown = first === -1 ? units.slice(-1) : units.slice(first, first + 2);
  const parts = shown
    .map(([unit, length], index) => {
      const above = index === 0 ? whole : whole % (shown[0]?.[1] ?? 1);
      return { unit, amount: Math.floor(above / length), index };
    })
    .filter(({ amount, index }) => amount > 0 || index === 0)
    .map(({ unit, amount }) =>
      new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" }).format(amount),
    );
  return new Intl.ListFormat(language, { type: "unit", style: "short" }).format(parts);
}
