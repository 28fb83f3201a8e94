import { Spinner } from "@fluentui/react-components";
import { type ReactNode, useCallback, useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { type ApiError, asApiError } from "../api/api-error.ts";
import { call, setSessionForCalls } from "../api/call.ts";
import type { Session } from "../api/types.ts";
import { eventStream } from "../live/event-stream.ts";
import { ErrorNotice } from "../parts/error-notice.tsx";
import { SessionContext } from "./session-context.ts";
import { SignInPage } from "./sign-in-page.tsx";

type Standing =
  | { readonly kind: "asking" }
  | { readonly kind: "none"; readonly ended: boolean }
  | { readonly kind: "session"; readonly session: Session }
  | { readonly kind: "unreachable"; readonly error: ApiError };

const retryMilliseconds = 3000;

/** Shows what is inside to who is signed in, and the sign-in page to everybody else. */
export function SessionGate({ children }: { readonly children: ReactNode }) {
  const { t } = useTranslation();
  const [standing, setStanding] = useState<Standing>({ kind: "asking" });

  const begin = useCallback((session: Session) => {
    setSessionForCalls(session.csrfToken, () => setStanding({ kind: "none", ended: true }));
    setStanding({ kind: "session", session });
  }, []);
  const ask = useCallback(async () => {
    try {
      begin(await call<Session>("/session"));
    } catch (error) {
      const problem = asApiError(error);
      if (problem.status === 401) setStanding({ kind: "none", ended: false });
      else setStanding({ kind: "unreachable", error: problem });
    }
  }, [begin]);

  useEffect(() => void ask(), [ask]);
  useEffect(() => {
    if (standing.kind !== "unreachable") return;
    const timer = setTimeout(() => void ask(), retryMilliseconds);
    return () => clearTimeout(timer);
  }, [standing, ask]);

  const isSignedIn = standing.kind === "session";
  useEffect(() => {
    if (!isSignedIn) return;
    const lookAgain = async () => {
      try {
        await call<Session>("/session");
      } catch (error) {
        // Anything else than its end is the business of whoever calls next.
        if (asApiError(error).status === 401) setStanding({ kind: "none", ended: true });
      }
    };
    // A page that only watches makes no calls by which it would hear of its session's end.
    return eventStream.watchRefusals(() => void lookAgain());
  }, [isSignedIn]);

  const control = useMemo(() => {
    if (standing.kind !== "session") return undefined;
    const signOut = async () => {
      await call("/session", { method: "DELETE" });
      setSessionForCalls(undefined, () => {});
      setStanding({ kind: "none", ended: false });
    };
    return { session: standing.session, signOut };
  }, [standing]);

  switch (standing.kind) {
    case "asking":
      return <Spinner label={t("session.asking")} />;
    case "unreachable":
      return <ErrorNotice error={standing.error} onRetry={() => void ask()} />;
    case "none":
      return <SignInPage ended={standing.ended} onSession={begin} />;
    case "session":
      return <SessionContext value={control}>{children}</SessionContext>;
  }
}
