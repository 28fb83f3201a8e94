import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyRequest } from "fastify";
import { firstAdministratorName } from "../domain/administrator.ts";
import { ProblemError } from "./problem.ts";
import { setAdministrator } from "./request-administrator.ts";
import type { WrongTokenBrake } from "./wrong-token-brake.ts";

const challenge = { "www-authenticate": 'Bearer realm="sip-gateway"' };

/**
 * A check of `Authorization: Bearer TOKEN` (RFC 6750 §2.1). Both tokens are hashed and the hashes
 * compared, so that the time it takes says neither how much nor how long.
 * @returns a hook that throws the 401 or 429
 */
export function tokenCheck(
  token: string,
  brake: WrongTokenBrake,
): (request: FastifyRequest) => Promise<void> {
  const expected = hash(token);
  return async (request) => {
    const given = bearerToken(request.headers.authorization);
    if (given === undefined) {
      throw new ProblemError(401, "Send the administrator's token: Authorization: Bearer TOKEN.", {
        headers: challenge,
      });
    }
    if (timingSafeEqual(hash(given), expected)) {
      setAdministrator(request, { name: firstAdministratorName, role: "administrator" });
      return;
    }
    const waitSeconds = brake.countWrong(request.ip);
    if (waitSeconds > 0) {
      throw new ProblemError(429, "Too many wrong tokens from this address; wait.", {
        headers: { "retry-after": String(waitSeconds) },
      });
    }
    request.log.warn({ address: request.ip }, "A wrong administrator token was brought");
    throw new ProblemError(401, "The token is wrong.", {
      headers: { "www-authenticate": `${challenge["www-authenticate"]}, error="invalid_token"` },
    });
  };
}

function bearerToken(header: string | undefined): string | undefined {
  return /^Bearer +(\S+) *$/i.exec(header ?? "")?.[1];
}

function hash(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
