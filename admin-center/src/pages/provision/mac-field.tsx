import { Field, Input } from "@fluentui/react-components";
import type { TFunction } from "i18next";
import { type Ref, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Device } from "../../api/types.ts";
import { useInventory } from "../../live/use-inventory.ts";
import { macDigits, readMac } from "./read-mac.ts";

/** What stands below the field. */
interface FieldWords {
  readonly validationState: "none" | "error" | "success";
  readonly validationMessage?: string;
}

/**
 * A MAC address, checked as it is typed: what can never become one is told at once, what is only not
 * complete yet when the field is left.
 */
export function MacField({
  value,
  onChange,
  isTried,
  refusal,
  inputRef,
}: {
  readonly value: string;
  readonly onChange: (value: string) => void;
  /** It was to be saved: what is missing is told now. */
  readonly isTried: boolean;
  /** What the gateway said of it. */
  readonly refusal: string | undefined;
  readonly inputRef: Ref<HTMLInputElement>;
}) {
  const { t } = useTranslation();
  const { devices } = useInventory();
  const [isLeft, setLeft] = useState(false);
  const isOver = isTried || (isLeft && value.trim() !== "");
  const words: FieldWords =
    refusal === undefined
      ? judge(t, value, isOver, devices)
      : { validationState: "error", validationMessage: refusal };
  return (
    <Field label={t("device.macAddress")} hint={t("provision.add.macHint")} required {...words}>
      <Input
        ref={inputRef}
        value={value}
        autoComplete="off"
        spellCheck={false}
        onChange={(_, data) => {
          setLeft(false);
          onChange(data.value);
        }}
        onBlur={() => setLeft(true)}
      />
    </Field>
  );
}

function judge(
  t: TFunction,
  value: string,
  isOver: boolean,
  devices: ReadonlyMap<string, Device>,
): FieldWords {
  const reading = readMac(value);
  if (reading.ok) {
    const known = devices.get(reading.macAddress);
    if (known !== undefined && known.state !== "seen") {
      const state = t(`state.${known.state}`);
      return error(t("provision.add.there", { macAddress: reading.macAddress, state }));
    }
    return { validationState: "success", validationMessage: reading.macAddress };
  }
  const { fault, digits } = reading;
  const isYetToCome = fault === "empty" || fault === "incomplete";
  const message = t(`provision.macFault.${fault}`, { digits, macDigits });
  if (isYetToCome && !isOver) {
    return fault === "empty"
      ? { validationState: "none" }
      : { validationState: "none", validationMessage: message };
  }
  return error(message);
}

function error(validationMessage: string): FieldWords {
  return { validationState: "error", validationMessage };
}
