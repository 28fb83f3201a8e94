import { Button, Text } from "@fluentui/react-components";
import { ArrowDownloadRegular } from "@fluentui/react-icons";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { asApiError } from "../../api/api-error.ts";
import { downloadTemplate } from "./export-codes.ts";

/** Saves the file to fill in. */
export function TemplateButton({
  path,
  fileName,
}: {
  /** Where the API has it. */
  readonly path: string;
  readonly fileName: string;
}) {
  const { t } = useTranslation();
  const [fault, setFault] = useState<string>();
  return (
    <div>
      <Button
        appearance="subtle"
        icon={<ArrowDownloadRegular />}
        onClick={() => {
          setFault(undefined);
          downloadTemplate(path, fileName).catch((error: unknown) =>
            setFault(asApiError(error).message),
          );
        }}
      >
        {t("provision.file.template")}
      </Button>
      {fault !== undefined && <Text role="alert">{fault}</Text>}
    </div>
  );
}
