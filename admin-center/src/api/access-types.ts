/** What an administrator writes of the rule: `PUT /conditional-access`. */
export interface AccessRuleInput {
  /** False: no sign-in is blocked. */
  readonly enabled: boolean;
  /** CIDR. */
  readonly trustedRanges: readonly string[];
  readonly excludedAddresses: readonly string[];
}

/** `GET /conditional-access` */
export interface AccessRule extends AccessRuleInput {
  /** Where the gateway signs in from, by the region's id. */
  readonly gatewayAddresses: Readonly<Record<string, readonly string[]>>;
  /** Those that the rule blocks. */
  readonly missingAddresses: readonly { readonly region: string; readonly address: string }[];
}
