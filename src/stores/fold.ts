/** A text as it is compared with others without regard to case: same letters, case folded. */
export function fold(text: string): string {
  return text.normalize("NFC").toLowerCase();
}
