/** Longest user principal name: 64 characters, an `@`, and a domain of 48 (Microsoft Entra ID). */
export const longestUserPrincipalName = 113;

/** What became of reading a user principal name; `reason` says what to correct. */
export type UserPrincipalNameReading =
  | { readonly ok: true; readonly upn: string }
  | { readonly ok: false; readonly reason: string };

/** Reads a user principal name, as `adele@contoso.example`, in any case; it is kept in lower case. */
export function readUserPrincipalName(text: string): UserPrincipalNameReading {
  if (text.length > longestUserPrincipalName) {
    const reason = `A user principal name has ${longestUserPrincipalName} characters at most.`;
    return { ok: false, reason };
  }
  const upn = text.trim().toLowerCase();
  const form = /^[a-z0-9](?:[a-z0-9._'+-]{0,62}[a-z0-9])?@(?:[a-z0-9-]{1,63}\.)*[a-z0-9-]{1,63}$/;
  if (!form.test(upn) || upn.includes("..")) {
    const reason = "A user principal name is written as an e-mail address: adele@contoso.example.";
    return { ok: false, reason };
  }
  return { ok: true, upn };
}
