import { ResponseBodyError, WWWAuthenticateChallengeError } from "openid-client";
import type { AuthorizationPoll } from "../domain/sign-in.ts";

const mostReasonCharacters = 200;

/** What an error that a poll met means (RFC 8628 §3.5, RFC 6749 §5.2). */
export function pollOutcome(error: unknown): AuthorizationPoll {
  if (!(error instanceof ResponseBodyError)) {
    return { outcome: "unavailable", reason: publicReason(error) };
  }
  switch (error.error) {
    case "authorization_pending":
      return { outcome: "pending", slowDown: false };
    case "slow_down":
      return { outcome: "pending", slowDown: true };
    case "expired_token":
      return { outcome: "expired" };
    case "access_denied":
      return { outcome: "denied", reason: publicReason(error) };
    case "invalid_grant":
      // Used up, or unknown to the issuer: no later poll can end better.
      return { outcome: "denied", reason: publicReason(error) };
    default:
      return { outcome: "unavailable", reason: publicReason(error) };
  }
}

/** Why an identity provider failed, in one bounded line for administrators; it may quote the issuer. */
export function publicReason(error: unknown): string {
  if (error instanceof ResponseBodyError) {
    return named(error.error, error.error_description);
  }
  if (error instanceof WWWAuthenticateChallengeError) {
    const parameters = error.cause[0]?.parameters;
    return named(
      parameters?.error ?? "it did not accept the gateway",
      parameters?.error_description,
    );
  }
  if (!(error instanceof Error)) return "an unknown fault";
  if (error.name === "TimeoutError") return "it did not answer in time";
  const cause = error.cause instanceof Error ? ` (${error.cause.message})` : "";
  return bounded(`${error.message}${cause}`);
}

function named(name: string, description: string | undefined): string {
  return bounded(description === undefined ? name : `${name}, ${description}`);
}

function bounded(text: string): string {
  return text.replaceAll(/\p{C}+/gu, " ").slice(0, mostReasonCharacters);
}
