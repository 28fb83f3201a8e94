import type { PageRenderer } from "../phone-page.ts";
import type { ScreenVendor } from "../screen-path.ts";
import { ciscoPages } from "./cisco-pages.ts";
import { polyPages } from "./poly-pages.ts";
import { yealinkPages } from "./yealink-pages.ts";

/** What writes pages for each vendor whose phones have a browser that we know. */
export const pageRenderers: Readonly<Record<ScreenVendor, PageRenderer>> = {
  yealink: yealinkPages,
  cisco: ciscoPages,
  poly: polyPages,
};
