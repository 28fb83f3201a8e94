import {
  Button,
  MessageBar,
  MessageBarActions,
  MessageBarBody,
  MessageBarTitle,
} from "@fluentui/react-components";
import { useTranslation } from "react-i18next";
import type { ApiError } from "../api/api-error.ts";

/** Says what went wrong and what to do, by the kind of answer. */
export function ErrorNotice({
  error,
  onRetry,
}: {
  readonly error: ApiError;
  readonly onRetry?: () => void;
}) {
  const { t } = useTranslation();
  return (
    <MessageBar intent="error" layout="multiline" role="alert">
      <MessageBarBody>
        <MessageBarTitle>{t(titleOf(error.status))}</MessageBarTitle> {error.message}{" "}
        {error.retryAfterSeconds !== undefined &&
          t("error.retryAfter", { count: error.retryAfterSeconds })}
      </MessageBarBody>
      {onRetry !== undefined && (
        <MessageBarActions>
          <Button onClick={onRetry}>{t("action.retry")}</Button>
        </MessageBarActions>
      )}
    </MessageBar>
  );
}

function titleOf(status: number): string {
  switch (status) {
    case 0:
      return "error.unreachable";
    case 401:
      return "error.unauthorized";
    case 403:
      return "error.forbidden";
    case 404:
      return "error.notFound";
    case 409:
      return "error.conflict";
    case 429:
      return "error.tooMany";
    case 503:
      return "error.unavailable";
    default:
      return status >= 500 ? "error.fault" : "error.refused";
  }
}
