let shownSecond = -1;
let shownText = "";

/**
 * The Date header's text (RFC 3261 §20.17): `Sat, 13 Nov 2010 23:29:00 GMT`. Kept for the second
 * that it names, since a busy registrar asks thousands of times in each.
 */
export function formatSipDate(nowMilliseconds: number): string {
  const second = Math.floor(nowMilliseconds / 1000);
  if (second !== shownSecond) {
    shownText = new Date(second * 1000).toUTCString();
    shownSecond = second;
  }
  return shownText;
}
