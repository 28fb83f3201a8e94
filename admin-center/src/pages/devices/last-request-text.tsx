import { useTranslation } from "react-i18next";
import type { Device } from "../../api/types.ts";

/** What a phone last asked for and what it got; why not, where it got nothing. */
export function LastRequestText({ request }: { readonly request: Device["lastRequest"] }) {
  const { t } = useTranslation();
  if (request === null) return null;
  const { status, note, path } = request;
  const text = note === "" ? t("devices.request", { status }) : `${status}: ${note}`;
  return <span title={`${path}\n${text}`}>{text}</span>;
}
