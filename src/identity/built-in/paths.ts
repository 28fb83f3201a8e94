/** Where a person's browser goes. */
export const pagePaths = {
  /** The pairing code; with a further part, the way back from the password. */
  code: "/devicelogin",
  /** With an interaction's id behind it. */
  password: "/oidc/sign-in",
} as const;

/** Where programs go, as oidc-provider's `routes` names them. */
export const endpointPaths = {
  authorization: "/oidc/authorize",
  device_authorization: "/oidc/device-authorization",
  token: "/oidc/token",
  jwks: "/oidc/jwks",
  end_session: "/oidc/session/end",
} as const;
