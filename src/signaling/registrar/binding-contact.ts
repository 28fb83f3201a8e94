import { quote } from "../../../sip/message/parameters.ts";
import type { Binding } from "../../domain/binding.ts";

/** A binding as a Contact of the 200, with the seconds that are left of it (RFC 3261 §10.3 step 8). */
export function formatBindingContact(binding: Binding, nowMilliseconds: number): string {
  const leftSeconds = Math.max(
    0,
    Math.ceil((binding.expiresAtMilliseconds - nowMilliseconds) / 1000),
  );
  let text = `<${binding.contact}>;expires=${leftSeconds}`;
  if (binding.q !== 1) text += `;q=${binding.q}`;
  if (binding.instanceId !== null) text += `;+sip.instance=${quote(`<${binding.instanceId}>`)}`;
  if (binding.regId !== null) text += `;reg-id=${binding.regId}`;
  return text;
}
