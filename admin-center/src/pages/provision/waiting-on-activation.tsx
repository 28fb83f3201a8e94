import { MessageBar, MessageBarBody } from "@fluentui/react-components";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { type ApiError, asApiError } from "../../api/api-error.ts";
import type { GeneratedCodes } from "../../api/provision-types.ts";
import type { Device } from "../../api/types.ts";
import { DataTable } from "../../parts/data-table.tsx";
import { ErrorNotice } from "../../parts/error-notice.tsx";
import type { SortOrder } from "../../parts/sort-rows.ts";
import { useMay } from "../../session/session-context.ts";
import { ActivationDialog, type ActivationDialogName } from "./activation-dialog.tsx";
import { ActivationToolbar } from "./activation-toolbar.tsx";
import { codeStanding } from "./code-standing.ts";
import { exportAllCodes, exportCodesOf } from "./export-codes.ts";
import { makeCodes } from "./generate-codes.ts";
import { codeColumns, phoneColumns } from "./provision-columns.tsx";
import { searchWaiting } from "./waiting-devices.ts";

/** The tab of the devices that wait for their code to be dialled. */
export function WaitingOnActivation({
  devices,
  search,
  isLoading,
}: {
  readonly devices: readonly Device[];
  readonly search: string;
  readonly isLoading: boolean;
}) {
  const { t } = useTranslation();
  const mayChange = useMay("technician");
  const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
  const [order, setOrder] = useState<SortOrder>({ column: "macAddress", descending: false });
  const [dialog, setDialog] = useState<ActivationDialogName>();
  const [refused, setRefused] = useState<GeneratedCodes["refused"]>([]);
  const [error, setError] = useState<ApiError>();
  const columns = useMemo(() => [...phoneColumns(t), ...codeColumns(t)], [t]);
  const rows = useMemo(() => searchWaiting(devices, search), [devices, search]);
  // A device that went on, or that the search hides, is not acted upon.
  const chosen = useMemo(
    () => rows.filter(({ macAddress }) => ticked.has(macAddress)),
    [rows, ticked],
  );
  const keys = useMemo(() => new Set(chosen.map(({ macAddress }) => macAddress)), [chosen]);

  async function attempt(action: () => Promise<void> | void): Promise<void> {
    setError(undefined);
    try {
      await action();
    } catch (failure) {
      setError(asApiError(failure));
    }
  }
  async function generate(wanted: readonly Device[] | "all"): Promise<void> {
    setRefused([]);
    const result = await makeCodes(
      wanted === "all" ? "all" : wanted.map(({ macAddress }) => macAddress),
    );
    setRefused(result.refused);
  }
  function generateForChosen(): void {
    const now = Date.now();
    const isReplacing = chosen.some((device) => codeStanding(device, now).kind === "usable");
    if (isReplacing) setDialog("generate-chosen");
    else void attempt(() => generate(chosen));
  }

  return (
    <>
      <ActivationToolbar
        mayChange={mayChange}
        chosen={chosen}
        devices={devices}
        onDialog={setDialog}
        onGenerate={generateForChosen}
        onExport={() =>
          void attempt(chosen.length > 0 ? () => exportCodesOf(chosen) : exportAllCodes)
        }
      />
      {error !== undefined && <ErrorNotice error={error} />}
      {refused.length > 0 && <RefusedNotice refused={refused} />}
      <DataTable
        label={t("state.waiting-on-activation")}
        columns={columns}
        rows={rows}
        keyOf={({ macAddress }) => macAddress}
        nameOf={({ macAddress, location }) => `${macAddress} ${location}`.trim()}
        order={order}
        onOrder={setOrder}
        {...(mayChange ? { selection: { keys, onChange: setTicked } } : {})}
        empty={t(emptyWords(isLoading, devices.length))}
      />
      {dialog !== undefined && (
        <ActivationDialog
          name={dialog}
          chosen={chosen}
          devices={devices}
          onGenerate={generate}
          onAdded={setTicked}
          onClose={() => setDialog(undefined)}
        />
      )}
    </>
  );
}

function emptyWords(isLoading: boolean, count: number): string {
  if (isLoading) return "table.loading";
  return count === 0 ? "provision.noneOnActivation" : "provision.noneFound";
}

/** Devices that got no code, and why; the first of them stand for many. */
function RefusedNotice({ refused }: { readonly refused: GeneratedCodes["refused"] }) {
  const { t } = useTranslation();
  return (
    <MessageBar intent="warning" layout="multiline" role="alert">
      <MessageBarBody>
        {t("provision.codesRefused", { count: refused.length })}{" "}
        {refused
          .slice(0, 5)
          .map(({ macAddress, reason }) => `${macAddress}: ${reason}`)
          .join(" ")}
      </MessageBarBody>
    </MessageBar>
  );
}
