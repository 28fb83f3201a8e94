/** What MAC addresses (`80:5e:c0:aa:bb:cc`) are sorted by: as text with numbers in it, `0a` would come before `01`. */
export function macOrder(macAddress: string): number {
  return Number.parseInt(macAddress.replaceAll(":", ""), 16);
}
