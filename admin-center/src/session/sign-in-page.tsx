import {
  Button,
  Card,
  Field,
  Input,
  Link,
  MessageBar,
  MessageBarBody,
  makeStyles,
  Title2,
  tokens,
} from "@fluentui/react-components";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { type ApiError, asApiError } from "../api/api-error.ts";
import { call } from "../api/call.ts";
import type { Session } from "../api/types.ts";
import { useOnce } from "../live/use-once.ts";
import { ErrorNotice } from "../parts/error-notice.tsx";

const useStyles = makeStyles({
  page: {
    minHeight: "100%",
    display: "grid",
    placeItems: "center",
    backgroundColor: tokens.colorNeutralBackground3,
    padding: tokens.spacingHorizontalL,
    boxSizing: "border-box",
  },
  card: { width: "100%", maxWidth: "420px" },
  form: { display: "grid", gap: tokens.spacingVerticalM },
});

/** Which ways of signing in there are. */
interface SignInMethods {
  readonly token: boolean;
  readonly openid: boolean;
}

/** Where an administrator signs in to the page. */
export function SignInPage({
  ended,
  onSession,
}: {
  /** A session was there and is over. */
  readonly ended: boolean;
  readonly onSession: (session: Session) => void;
}) {
  const { t } = useTranslation();
  const styles = useStyles();
  const [token, setToken] = useState("");
  const [error, setError] = useState<ApiError>();
  const [isBusy, setBusy] = useState(false);
  // Where the OpenID provider's answer leads to when nobody could be signed in by it.
  const failure = new URLSearchParams(window.location.search).get("sign-in-failed");
  const methods = useOnce(() => call<SignInMethods>("/session/methods"));

  async function signIn(event: FormEvent): Promise<void> {
    event.preventDefault();
    setBusy(true);
    setError(undefined);
    try {
      onSession(await call<Session>("/session", { method: "POST", body: { token: token.trim() } }));
    } catch (cause) {
      setError(asApiError(cause));
      setBusy(false);
    }
  }

  return (
    <main className={styles.page}>
      <Card className={styles.card}>
        <Title2 as="h1">{t("session.title")}</Title2>
        {ended && (
          <MessageBar>
            <MessageBarBody>{t("session.ended")}</MessageBarBody>
          </MessageBar>
        )}
        {failure !== null && (
          <MessageBar intent="error" layout="multiline">
            <MessageBarBody>
              {t([`session.failed.${failure}`, "session.failed.unknown"])}
            </MessageBarBody>
          </MessageBar>
        )}
        {error !== undefined && <ErrorNotice error={error} />}
        <form className={styles.form} onSubmit={(event) => void signIn(event)}>
          <Field label={t("session.token")} hint={t("session.tokenHint")} required>
            <Input
              type="password"
              autoComplete="current-password"
              value={token}
              onChange={(_, data) => setToken(data.value)}
            />
          </Field>
          <Button appearance="primary" type="submit" disabled={isBusy || token.trim() === ""}>
            {t("session.signIn")}
          </Button>
        </form>
        {methods?.openid === true && (
          <Link href="/api/v1/session/openid">{t("session.openid")}</Link>
        )}
      </Card>
    </main>
  );
}
