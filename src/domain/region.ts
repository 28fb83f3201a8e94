/** The ids of the regions that Microsoft's service has, and so has this one. */
export const regionIds = ["noam", "emea", "apac"] as const;

export type RegionId = (typeof regionIds)[number];

/** The region of a phone whose URL names none. */
export const defaultRegion: RegionId = "noam";

const regionNames: Record<RegionId, string> = {
  noam: "Americas",
  emea: "EMEA",
  apac: "Asia Pacific",
};

export function regionName(id: RegionId): string {
  return regionNames[id];
}

export function isRegionId(text: string): text is RegionId {
  return (regionIds as readonly string[]).includes(text);
}

/** The SIP domain of accounts that have not been signed in: `onboarding.emea.invalid` (RFC 2606). */
export function onboardingDomain(id: RegionId): string {
  return `onboarding.${id}.invalid`;
}

/** The region whose onboarding domain this is, or undefined. */
export function regionOfOnboardingDomain(domain: string): RegionId | undefined {
  return regionIds.find((id) => onboardingDomain(id) === domain);
}
