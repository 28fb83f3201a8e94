import { type RefObject, useEffect } from "react";

/**
 * Keeps the keyboard inside: where what had the focus is gone after a change, the container takes it,
 * so that Escape still closes a dialog and Tab goes on from there.
 * @param container can be focused (`tabIndex` -1)
 * @param change what is looked at: another value is a change
 */
export function useKeptFocus(container: RefObject<HTMLElement | null>, change: unknown): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: it is the change that is waited for
  useEffect(() => {
    if (document.activeElement === document.body) container.current?.focus();
  }, [change]);
}
