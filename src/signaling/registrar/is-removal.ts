import type { RegistrationRequest } from "../../domain/apply-registration.ts";

/** Whether a registration ends bindings and makes none (RFC 3261 §10.2.2). */
export function isRemoval(registration: RegistrationRequest): boolean {
  return (
    registration.contacts === "*" ||
    registration.contacts.every(
      (contact) => (contact.expiresSeconds ?? registration.expiresSeconds) === 0,
    )
  );
}
