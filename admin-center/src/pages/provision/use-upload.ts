import { useEffect, useRef, useState } from "react";
import { type ApiError, asApiError } from "../../api/api-error.ts";
import { call } from "../../api/call.ts";
import type { ImportPreview, ImportResult, RejectedLine } from "../../api/provision-types.ts";
import { inventory } from "../../live/inventory.ts";
import { type ImportPart, importParts } from "./import-parts.ts";

/** How far an upload has come. */
export type UploadStep =
  | { readonly kind: "choosing"; readonly error?: ApiError }
  | { readonly kind: "judging"; readonly fileName: string }
  | {
      readonly kind: "judged";
      readonly fileName: string;
      readonly preview: ImportPreview;
      /** Saving it failed; what was saved before stays saved. */
      readonly error?: ApiError;
    }
  | { readonly kind: "saving"; readonly done: number; readonly total: number }
  | {
      readonly kind: "done";
      readonly added: number;
      readonly rejected: readonly RejectedLine[];
    };

/** An upload, and what can be done with it. */
export interface Upload {
  readonly step: UploadStep;
  readonly judge: (file: File) => Promise<void>;
  readonly save: (preview: ImportPreview, fileName: string) => Promise<void>;
  readonly startAgain: () => void;
}

/**
 * A file on its way: judged by the gateway, shown, and saved part by part. Leaving it ends it after
 * the part that is under way.
 * @param onAdded told of the devices that were added
 */
export function useUpload(onAdded: (macAddresses: ReadonlySet<string>) => void): Upload {
  const [step, setStep] = useState<UploadStep>({ kind: "choosing" });
  const abort = useRef(new AbortController());
  useEffect(() => {
    const controller = new AbortController();
    abort.current = controller;
    return () => controller.abort();
  }, []);

  async function judge(file: File): Promise<void> {
    setStep({ kind: "judging", fileName: file.name });
    try {
      const preview = await send<ImportPreview>("?dryRun=true", file, abort.current.signal);
      setStep({ kind: "judged", fileName: file.name, preview });
    } catch (error) {
      if (!abort.current.signal.aborted) setStep({ kind: "choosing", error: asApiError(error) });
    }
  }

  async function save(preview: ImportPreview, fileName: string): Promise<void> {
    const parts = importParts(preview.lines);
    const added = new Set<string>();
    const rejected = [...preview.rejected];
    setStep({ kind: "saving", done: 0, total: preview.added });
    try {
      for (const part of parts) {
        if (abort.current.signal.aborted) break;
        rejected.push(...refusedOf(part, await send<ImportResult>("", part.csv), added));
        setStep({ kind: "saving", done: added.size, total: preview.added });
      }
      setStep({ kind: "done", added: added.size, rejected });
    } catch (error) {
      setStep({ kind: "judged", fileName, preview, error: asApiError(error) });
    } finally {
      onAdded(added);
      void inventory.reload();
    }
  }

  return { step, judge, save, startAgain: () => setStep({ kind: "choosing" }) };
}

function send<Result>(query: string, csv: string | Blob, signal?: AbortSignal): Promise<Result> {
  return call<Result>(`/devices/import${query}`, {
    method: "POST",
    file: { text: csv, type: "text/csv" },
    ...(signal === undefined ? {} : { signal }),
  });
}

/** Notes what was added, and tells the rest by the lines of the whole file. */
function refusedOf(
  { lines }: ImportPart,
  { rejected }: ImportResult,
  added: Set<string>,
): readonly RejectedLine[] {
  const firstLine = 2;
  const byLine = new Map(rejected.map((one) => [one.line, one]));
  return lines.flatMap((line, index) => {
    const refusal = byLine.get(index + firstLine);
    if (refusal !== undefined) return [{ ...refusal, line: line.line }];
    added.add(line.macAddress);
    return [];
  });
}
