import { Switch } from "@fluentui/react-components";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { type ApiError, asApiError } from "../../api/api-error.ts";
import { call } from "../../api/call.ts";
import type { SipDevicesConfiguration } from "../../api/provision-types.ts";
import { useResource } from "../../live/use-resource.ts";
import { ErrorNotice } from "../../parts/error-notice.tsx";

const path = "/sip-devices-configuration";

/** Whether files of users and devices are carried out for the tenant, and the switch for it. */
export function BulkSignInSwitch({
  onKnown,
}: {
  /** Told when it is known, and when it changes. */
  readonly onKnown: (isEnabled: boolean) => void;
}) {
  const { t } = useTranslation();
  const [error, setError] = useState<ApiError>();
  const read = useResource(path, (signal) => call<SipDevicesConfiguration>(path, { signal }));
  const [chosen, setChosen] = useState<boolean>();
  const isStored = read.data === undefined ? undefined : read.data.bulkSignIn === "enabled";
  const isEnabled = chosen ?? isStored;
  // What was chosen stands until the gateway has told how it is.
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever it was read anew
  useEffect(() => setChosen(undefined), [read.data]);
  useEffect(() => {
    if (isEnabled !== undefined) onKnown(isEnabled);
  }, [isEnabled, onKnown]);

  async function change(enable: boolean): Promise<void> {
    setError(undefined);
    setChosen(enable);
    try {
      await call(path, {
        method: "PUT",
        body: { bulkSignIn: enable ? "enabled" : "disabled" },
      });
    } catch (failure) {
      setError(asApiError(failure));
      setChosen(undefined);
    }
    read.reload();
  }

  const fault = error ?? read.error;
  return (
    <div>
      {fault !== undefined && <ErrorNotice error={fault} onRetry={read.reload} />}
      <Switch
        label={t("provision.bulk.enabled")}
        checked={isEnabled === true}
        disabled={isEnabled === undefined}
        onChange={(_, { checked }) => void change(checked)}
      />
    </div>
  );
}
