/**
 * What a dialled number may be in E.164, the likeliest first: users' numbers are kept with a plus;
 * people also dial them without, or with 00.
 * @param number digits, with or without a plus before them
 */
export function e164Candidates(number: string): readonly string[] {
  if (number.startsWith("+")) return [number];
  return number.startsWith("00") ? [`+${number.slice(2)}`, `+${number}`] : [`+${number}`];
}
