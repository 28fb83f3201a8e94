import { Button, MessageBar, MessageBarActions, MessageBarBody } from "@fluentui/react-components";
import type { RefObject } from "react";
import { useTranslation } from "react-i18next";
import type { Device } from "../api/types.ts";
import { ErrorNotice } from "./error-notice.tsx";
import { SignInInvitation } from "./sign-in-invitation.tsx";
import { SignInProgress } from "./sign-in-progress.tsx";
import { mayBeginAgain, type SignInStanding } from "./sign-in-standing.ts";
import type { BegunSignIn } from "./use-begun-sign-in.ts";
import { useKeptFocus } from "./use-kept-focus.ts";
import { useSignInStanding } from "./use-sign-in-standing.ts";

/** A sign-in that was begun: whom to send where, how far it has come, and what to do where it came to nothing. */
export function SignInBody({
  device: { macAddress, online },
  begun,
  onAgain,
  surface,
}: {
  readonly device: Pick<Device, "macAddress" | "online">;
  readonly begun: BegunSignIn;
  readonly onAgain: () => void;
  /** Of the dialog that it stands in. */
  readonly surface: RefObject<HTMLElement | null>;
}) {
  const { t } = useTranslation();
  const { standing, untilMilliseconds, error } = useSignInStanding(macAddress, begun);
  useKeptFocus(surface, standing.kind);
  return (
    <>
      {standing.kind === "waiting" && (
        <SignInInvitation started={begun.started} untilMilliseconds={untilMilliseconds} />
      )}
      <SignInProgress standing={standing} />
      {error !== undefined && <ErrorNotice error={error} />}
      {/* Always there, so that what comes to stand in it is spoken. */}
      <div role="status">
        <MessageBar intent={intents[standing.kind]} layout="multiline">
          <MessageBarBody>
            {t(`signIn.standing.${standing.kind}`, {
              upn: "upn" in standing ? standing.upn : "",
              reason: "reason" in standing ? standing.reason : "",
            })}
            {!online && standing.kind === "told" && <> {t("signIn.phoneAway")}</>}
          </MessageBarBody>
          {mayBeginAgain(standing) && (
            <MessageBarActions>
              <Button onClick={onAgain}>{t("signIn.again")}</Button>
            </MessageBarActions>
          )}
        </MessageBar>
      </div>
    </>
  );
}

const intents = {
  waiting: "info",
  told: "info",
  fetched: "info",
  registered: "success",
  replaced: "warning",
  expired: "warning",
  ended: "warning",
  failed: "error",
} as const satisfies Record<SignInStanding["kind"], string>;
