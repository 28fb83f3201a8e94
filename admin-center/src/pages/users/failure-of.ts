import type { TFunction } from "i18next";
import { ApiError } from "../../api/api-error.ts";
import type { Failure } from "./write-users.ts";

const namesShown = 3;

/** What failed of many as one error, which names the first of them. */
export function failureOf(t: TFunction, failures: readonly Failure[], of: number): ApiError {
  const first = failures[0];
  const upns = failures.slice(0, namesShown).map(({ upn }) => upn);
  const more = failures.length > namesShown ? ", …" : "";
  const failed = t("users.failed", {
    count: failures.length,
    of,
    upns: `${upns.join(", ")}${more}`,
  });
  return new ApiError(first?.error.status ?? 0, `${failed} ${first?.error.message ?? ""}`);
}
