const knownChecks = ["storage", "sip"];

/** Whether the page has words for a check of the gateway's. */
export function isKnownCheck(name: string): boolean {
  return knownChecks.includes(name);
}
