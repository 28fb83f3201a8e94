import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  makeStyles,
  Spinner,
  tokens,
} from "@fluentui/react-components";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Device } from "../api/types.ts";
import { ErrorNotice } from "./error-notice.tsx";
import { SignInBody } from "./sign-in-body.tsx";
import { useBegunSignIn } from "./use-begun-sign-in.ts";
import { useKeptFocus } from "./use-kept-focus.ts";

const useStyles = makeStyles({
  content: { display: "grid", gap: tokens.spacingVerticalM },
});

/**
 * Signs a user in from afar: begins it when it opens, shows where the user goes and with which pairing
 * code, and follows it until the phone is back as that user, or says why not. Closing it leaves the
 * sign-in as it is.
 */
export function SignInDialog({
  device,
  onClose,
}: {
  readonly device: Pick<Device, "macAddress" | "location" | "online">;
  readonly onClose: () => void;
}) {
  const { t } = useTranslation();
  const styles = useStyles();
  const { macAddress, location } = device;
  const { begun, error, beginAgain } = useBegunSignIn(macAddress);
  const surface = useRef<HTMLDivElement>(null);
  useKeptFocus(surface, begun ?? error);
  const name = location === "" ? macAddress : `${location} (${macAddress})`;
  return (
    <Dialog
      open
      // A click beside it does not take the pairing code away.
      onOpenChange={(_, { open, type }) => !open && type !== "backdropClick" && onClose()}
    >
      <DialogSurface ref={surface}>
        <DialogBody>
          <DialogTitle>{t("signIn.title")}</DialogTitle>
          <DialogContent className={styles.content}>
            <div>{name}</div>
            {error !== undefined && <ErrorNotice error={error} onRetry={beginAgain} />}
            {error === undefined && begun === undefined && (
              <Spinner label={t("signIn.beginning")} />
            )}
            {begun !== undefined && (
              <SignInBody
                key={begun.started.userCode}
                device={device}
                begun={begun}
                onAgain={beginAgain}
                surface={surface}
              />
            )}
          </DialogContent>
          <DialogActions>
            <Button onClick={onClose}>{t("action.close")}</Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
