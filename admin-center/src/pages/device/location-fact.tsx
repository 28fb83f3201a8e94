import { Button, Input, makeStyles, tokens } from "@fluentui/react-components";
import { EditRegular } from "@fluentui/react-icons";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { type ApiError, asApiError } from "../../api/api-error.ts";
import { call } from "../../api/call.ts";
import type { Device } from "../../api/types.ts";
import { ErrorNotice } from "../../parts/error-notice.tsx";
import { Fact } from "../../parts/facts.tsx";
import { useMay } from "../../session/session-context.ts";

const useStyles = makeStyles({
  form: {
    display: "flex",
    flexWrap: "wrap",
    alignItems: "center",
    gap: tokens.spacingHorizontalXS,
  },
  input: { minWidth: "140px", flexGrow: 1 },
});

/** Where a device stands; who may can write something else. */
export function LocationFact({
  device: { macAddress, location },
  onChanged,
}: {
  readonly device: Pick<Device, "macAddress" | "location">;
  readonly onChanged: () => void;
}) {
  const { t } = useTranslation();
  const styles = useStyles();
  const mayEdit = useMay("technician");
  const [isEditing, setEditing] = useState(false);
  const editButton = useRef<HTMLButtonElement>(null);
  const wasEditing = useRef(false);
  // Who leaves the field by the keyboard goes on from where he came.
  useEffect(() => {
    if (wasEditing.current && !isEditing) editButton.current?.focus();
    wasEditing.current = isEditing;
  }, [isEditing]);
  return (
    <Fact name={t("device.location")}>
      {isEditing ? (
        <LocationForm
          macAddress={macAddress}
          location={location}
          onDone={() => {
            setEditing(false);
            onChanged();
          }}
          onCancel={() => setEditing(false)}
        />
      ) : (
        <span className={styles.form}>
          {location === "" ? "–" : location}
          {mayEdit && (
            <Button
              ref={editButton}
              appearance="subtle"
              size="small"
              icon={<EditRegular />}
              aria-label={t("devicePage.editLocation")}
              title={t("devicePage.editLocation")}
              onClick={() => setEditing(true)}
            />
          )}
        </span>
      )}
    </Fact>
  );
}

function LocationForm({
  macAddress,
  location,
  onDone,
  onCancel,
}: {
  readonly macAddress: string;
  readonly location: string;
  readonly onDone: () => void;
  readonly onCancel: () => void;
}) {
  const { t } = useTranslation();
  const styles = useStyles();
  const [text, setText] = useState(location);
  const [error, setError] = useState<ApiError>();

  async function save(event: FormEvent): Promise<void> {
    event.preventDefault();
    setError(undefined);
    try {
      const path = `/devices/${encodeURIComponent(macAddress)}`;
      await call(path, { method: "PATCH", body: { location: text } });
      onDone();
    } catch (failure) {
      setError(asApiError(failure));
    }
  }

  return (
    <form
      className={styles.form}
      onSubmit={(event) => void save(event)}
      onKeyDown={({ key }) => key === "Escape" && onCancel()}
    >
      <Input
        className={styles.input}
        aria-label={t("device.location")}
        value={text}
        autoFocus
        onChange={(_, { value }) => setText(value)}
      />
      <Button appearance="primary" type="submit">
        {t("action.save")}
      </Button>
      <Button onClick={onCancel}>{t("action.cancel")}</Button>
      {error !== undefined && <ErrorNotice error={error} />}
    </form>
  );
}
