import type { Locator, Page } from "playwright-core";

/** The row of a page's table in which a text stands. */
export function row(page: Page, text: string): Locator {
  return page.getByRole("row").filter({ hasText: text });
}
