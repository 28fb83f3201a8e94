import { useRef, useState } from "react";
import type { AccessRule, AccessRuleInput } from "../../api/access-types.ts";
import { type ApiError, asApiError } from "../../api/api-error.ts";
import { call } from "../../api/call.ts";
import { useResource } from "../../live/use-resource.ts";

const path = "/conditional-access";
/** Another administrator may change it; no event tells of it. */
const askEveryMilliseconds = 60_000;

/** The rule, and how to write it. */
export interface RuleControl {
  /** With what is being written, before it is. */
  readonly rule: AccessRule | undefined;
  readonly error: ApiError | undefined;
  readonly standing: "unchanged" | "saving" | "saved";
  readonly reload: () => void;
  /** @returns whether it was written; if not, `error` says why */
  readonly save: (rule: AccessRuleInput) => Promise<boolean>;
}

/** Reads the tenant's rule, and writes it as soon as it is changed, one change after the other. */
export function useRule(): RuleControl {
  const read = useResource(path, (signal) => call<AccessRule>(path, { signal }), {
    everyMilliseconds: askEveryMilliseconds,
  });
  const [change, setChange] = useState<Change>();
  const [standing, setStanding] = useState<RuleControl["standing"]>("unchanged");
  const [failure, setFailure] = useState<ApiError>();
  const turn = useRef<Promise<unknown>>(Promise.resolve());
  const latest = useRef<AccessRuleInput>(undefined);

  async function write(rule: AccessRuleInput): Promise<boolean> {
    try {
      const written = await call<AccessRule>(path, { method: "PUT", body: rule });
      if (latest.current !== rule) return true;
      setChange({ after: read.data, rule: written });
      setStanding("saved");
      read.reload();
      return true;
    } catch (error) {
      setFailure(asApiError(error));
      if (latest.current === rule) setChange(undefined);
      setStanding("unchanged");
      return false;
    }
  }

  function save(rule: AccessRuleInput): Promise<boolean> {
    latest.current = rule;
    setChange({ after: read.data, rule });
    setStanding("saving");
    setFailure(undefined);
    const done = turn.current.then(() => write(rule));
    turn.current = done;
    return done;
  }

  return {
    rule: read.data && { ...read.data, ...(isShown(change, read.data, standing) && change?.rule) },
    error: failure ?? read.error,
    standing,
    reload: read.reload,
    save,
  };
}

/** What is shown before it is read back. */
interface Change {
  readonly rule: AccessRuleInput;
  /** What had been read when it was made. */
  readonly after: AccessRule | undefined;
}

/** What is read after a change was written replaces it. */
function isShown(
  change: Change | undefined,
  data: AccessRule | undefined,
  standing: RuleControl["standing"],
): boolean {
  return change !== undefined && (standing === "saving" || change.after === data);
}
