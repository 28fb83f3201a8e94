import type { SipResponse } from "../message/sip-message.ts";

/**
 * What helps the caller most, first: what it can act on by itself, then what a person did at a
 * phone, then the rest. RFC 3261 §16.7 step 6 asks for the first five.
 */
const helpfulFirst = [401, 407, 415, 420, 484, 488, 486, 480];
/** Says nothing of the callee where another branch has something to say. */
const tellingLeast = [404, 487, 430, 408];

/**
 * The response that goes upstream when no branch was answered with 2xx (RFC 3261 §16.7 steps 6 and
 * 7): a 6xx, else one of the lowest class; a challenge with those of all branches; a 503, which
 * speaks of one server and not of us, as a 500.
 *
 * @param responses final ones other than 2xx, at least one, without our Via; the chosen one is changed
 */
export function chooseBestResponse(responses: readonly SipResponse[]): SipResponse | undefined {
  const best = findBestResponse(responses);
  if (best === undefined) return undefined;
  if (best.status === 401 || best.status === 407) gatherChallenges(best, responses);
  if (best.status === 503) {
    best.status = 500;
    best.reason = "Server Internal Error";
    best.headers.delete("Retry-After");
  }
  return best;
}

/** The response that would be chosen, as it came: for who only asks what was said (§16.7 step 6). */
export function findBestResponse(responses: readonly SipResponse[]): SipResponse | undefined {
  let best: SipResponse | undefined;
  for (const response of responses) {
    if (best === undefined || rank(response.status) < rank(best.status)) best = response;
  }
  return best;
}

function rank(status: number): number {
  if (status >= 600) return 0;
  const base = Math.floor(status / 100) * 10_000;
  const helpful = helpfulFirst.indexOf(status);
  if (helpful >= 0) return base + helpful;
  const least = tellingLeast.indexOf(status);
  if (least >= 0 || status === 503) return base + 9_000 + least;
  return base + status;
}

function gatherChallenges(best: SipResponse, responses: readonly SipResponse[]): void {
  for (const response of responses) {
    if (response === best || (response.status !== 401 && response.status !== 407)) continue;
    for (const name of ["WWW-Authenticate", "Proxy-Authenticate"]) {
      for (const value of response.headers.getAll(name)) best.headers.append(name, value);
    }
  }
}
