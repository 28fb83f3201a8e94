import { parseMac } from "./mac-address.ts";
import { type PageTarget, type ScreenPageName, screenPageNames } from "./phone-page.ts";

/** The vendors whose phones show pages of ours. */
export const screenVendors = ["yealink", "cisco", "poly"] as const;

export type ScreenVendor = (typeof screenVendors)[number];

/** The route of all pages: `/device/<secret>/screen/<vendor>/<mac>/<page>`. */
export const screenRoute = "/device/:secret/screen/:vendor/:mac/:page";

/** What stands in a page's path. */
export interface ScreenPath {
  readonly secret: string;
  readonly vendor: ScreenVendor;
  /** 12 lower-case hex digits. */
  readonly mac: string;
  readonly page: ScreenPageName;
}

const secretForm = /^[A-Za-z0-9_-]{8,128}$/;

/** Reads the parts of a page's path; undefined when there can be no such page. */
export function readScreenPath(
  parts: Readonly<Record<"secret" | "vendor" | "mac" | "page", string>>,
): ScreenPath | undefined {
  const vendor = screenVendors.find((name) => name === parts.vendor);
  const page = screenPageNames.find((name) => name === parts.page);
  const mac = parseMac(parts.mac);
  if (vendor === undefined || page === undefined || mac === undefined) return undefined;
  return secretForm.test(parts.secret) ? { secret: parts.secret, vendor, mac, page } : undefined;
}

/** The path below which the pages of the phone with this secret are, from `/` to `/`. */
export function screenFolder(secret: string): string {
  return `/device/${secret}/screen/`;
}

/**
 * The URL of the page that a phone's key opens.
 * @param folderUrl absolute, ending in the {@link screenFolder}
 */
export function menuUrl(folderUrl: string, vendor: ScreenVendor, mac: string): string {
  return `${folderUrl}${vendor}/${mac}/menu`;
}

/**
 * The URL of a page beside another of the same phone.
 * @param origin such as `http://192.0.2.10:8080`
 */
export function pageUrl(origin: string, path: ScreenPath, target: PageTarget): string {
  const folder = `${origin}${screenFolder(path.secret)}${path.vendor}/${path.mac}/`;
  const query = new URLSearchParams(Object.entries(target.values ?? {})).toString();
  return `${folder}${target.page}${query === "" ? "" : `?${query}`}`;
}
