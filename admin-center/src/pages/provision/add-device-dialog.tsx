import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Field,
  Input,
  makeStyles,
  tokens,
} from "@fluentui/react-components";
import { type FormEvent, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { type ApiError, asApiError } from "../../api/api-error.ts";
import { call } from "../../api/call.ts";
import type { Device } from "../../api/types.ts";
import { inventory } from "../../live/inventory.ts";
import { ErrorNotice } from "../../parts/error-notice.tsx";
import { MacField } from "./mac-field.tsx";
import { readMac } from "./read-mac.ts";

/** Longest location that the gateway takes, in characters. */
const longestLocation = 200;

const useStyles = makeStyles({
  form: { display: "grid", gap: tokens.spacingVerticalM },
  actions: { flexWrap: "wrap" },
});

/** Adds devices by hand, one after the other. */
export function AddDeviceDialog({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const styles = useStyles();
  const [mac, setMac] = useState("");
  const [location, setLocation] = useState("");
  const [added, setAdded] = useState<string>();
  const [error, setError] = useState<ApiError>();
  const [isTried, setTried] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const macInput = useRef<HTMLInputElement>(null);

  async function save(thenClose: boolean): Promise<void> {
    setTried(true);
    setError(undefined);
    if (!readMac(mac).ok) return macInput.current?.focus();
    setBusy(true);
    try {
      const body = { macAddress: mac, location };
      const { macAddress } = await call<Device>("/devices", { method: "POST", body });
      inventory.touch(macAddress);
      if (thenClose) return onClose();
      setAdded(macAddress);
      setMac("");
      setLocation("");
      setTried(false);
    } catch (failure) {
      setError(asApiError(failure));
    } finally {
      setBusy(false);
    }
    macInput.current?.focus();
  }
  function submit(event: FormEvent): void {
    event.preventDefault();
    void save(true);
  }
  const fields = error?.errors ?? {};
  const isFieldError = fields.macAddress !== undefined || fields.location !== undefined;

  return (
    <Dialog open onOpenChange={(_, { open }) => !open && onClose()}>
      <DialogSurface>
        <form onSubmit={submit} noValidate>
          <DialogBody>
            <DialogTitle>{t("provision.add.title")}</DialogTitle>
            <DialogContent className={styles.form}>
              {t("provision.add.text")}
              <div role="status">
                {added !== undefined && t("provision.add.added", { macAddress: added })}
              </div>
              {error !== undefined && !isFieldError && <ErrorNotice error={error} />}
              <MacField
                value={mac}
                onChange={(value) => {
                  setMac(value);
                  setError(undefined);
                }}
                isTried={isTried}
                refusal={fields.macAddress}
                inputRef={macInput}
              />
              <Field
                label={t("device.location")}
                hint={t("provision.add.locationHint")}
                {...(fields.location === undefined ? {} : { validationMessage: fields.location })}
              >
                <Input
                  value={location}
                  maxLength={longestLocation}
                  onChange={(_, { value }) => setLocation(value)}
                />
              </Field>
            </DialogContent>
            <DialogActions className={styles.actions} fluid>
              <Button onClick={onClose}>{t("action.close")}</Button>
              <Button disabled={isBusy} onClick={() => void save(false)}>
                {t("provision.add.another")}
              </Button>
              <Button appearance="primary" type="submit" disabled={isBusy}>
                {t("action.save")}
              </Button>
            </DialogActions>
          </DialogBody>
        </form>
      </DialogSurface>
    </Dialog>
  );
}
