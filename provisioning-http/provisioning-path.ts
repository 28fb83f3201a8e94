import { type PhoneLanguage, parsePhoneLanguage } from "./phone-language.ts";
import { publicText } from "./public-text.ts";

/** A provisioning URL taken apart. */
export interface ProvisioningPath {
  readonly region: string | undefined;
  readonly language: PhoneLanguage | undefined;
  readonly tenantId: string | undefined;
  readonly secret: string | undefined;
  /** Folders between those and the file name, as sent, e.g. `["Cisco", "CP-8841-3PCC"]`. */
  readonly folders: readonly string[];
  /** As sent, percent-decoded; empty for a URL that ends in `/`. */
  readonly fileName: string;
  /** What stood before folders and file name, with the secret, ending in `/`: where the phone's other files are. */
  readonly base: string;
  /** For people to read: printable, bounded, the secret replaced by `***`. */
  readonly masked: string;
}

/** What a next URL's path is made of. */
export interface ProvisioningPathParts {
  readonly region?: string | undefined;
  readonly language?: PhoneLanguage | undefined;
  readonly tenantId?: string | undefined;
  readonly secret?: string | undefined;
}

const longestUrlCharacters = 1024;
const maskedCharacters = 200;
const guid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const secretForm = /^[A-Za-z0-9_-]{8,128}$/;

/**
 * Reads `/<region>/lang_de/tenantid/<guid>/device/<secret>/<folders>/<file>`. All but the file are
 * optional; the three after the region may stand in any order; names match in any case, the secret
 * only in its own. A region in the Host header wins over one in the path.
 *
 * @param url the request target as received, query and all.
 * @param host the Host header, with or without port.
 * @returns undefined for what no phone sends: overlong, bad percent-encoding, control characters, `..`, a tenant that is no GUID, a malformed secret.
 */
export function parseProvisioningPath(
  url: string,
  host: string,
  regions: readonly string[],
): ProvisioningPath | undefined {
  const segments = decodeSegments(url);
  if (segments === undefined) return undefined;
  const fileName = url.split("?", 1)[0]?.endsWith("/") ? "" : (segments.pop() ?? "");
  const hostRegion = findRegion(host.split(".", 1)[0] ?? "", regions);
  const pathRegion = findRegion(segments[0] ?? "", regions);
  if (pathRegion !== undefined) segments.shift();
  const options = takeOptions(segments);
  if (options === undefined) return undefined;
  const region = hostRegion ?? pathRegion;
  const parts = { region: pathRegion, ...options };
  return {
    region,
    ...options,
    folders: segments,
    fileName,
    base: provisioningPath(parts),
    masked: maskProvisioningUrl(url),
  };
}

/** Builds the path that {@link parseProvisioningPath} reads, from `/` to `/`; the file name goes behind it. */
export function provisioningPath(parts: ProvisioningPathParts): string {
  const region = parts.region === undefined ? "" : `${encodeURIComponent(parts.region)}/`;
  const language = parts.language === undefined ? "" : `lang_${parts.language}/`;
  const tenant = parts.tenantId === undefined ? "" : `tenantid/${parts.tenantId}/`;
  const secret = parts.secret === undefined ? "" : `device/${parts.secret}/`;
  return `/${region}${language}${tenant}${secret}`;
}

/**
 * A request target fit for people's eyes: without query, printable, bounded, and with `***` for
 * whatever follows `/device/`, however it was spelled.
 */
export function maskProvisioningUrl(url: string): string {
  const path = url.split("?", 1)[0]?.slice(0, longestUrlCharacters) ?? "";
  const segments = path.split(/\/|%2f/i);
  let secretComes = false;
  const masked = segments.map((segment) => {
    if (segment === "") return segment;
    const hide = secretComes;
    secretComes = !hide && (decodeSegment(segment) ?? segment).toLowerCase() === "device";
    return hide ? "***" : (decodeSegment(segment) ?? segment);
  });
  return publicText(masked.join("/"), maskedCharacters);
}

function decodeSegments(url: string): string[] | undefined {
  if (url.length > longestUrlCharacters) return undefined;
  const path = url.split("?", 1)[0] ?? "";
  if (!path.startsWith("/")) return undefined;
  const segments: string[] = [];
  for (const raw of path.split("/")) {
    if (raw === "") continue;
    const segment = decodeSegment(raw);
    if (segment === undefined || !isSafe(segment)) return undefined;
    segments.push(segment);
  }
  return segments;
}

function decodeSegment(raw: string): string | undefined {
  try {
    return decodeURIComponent(raw);
  } catch {
    return undefined;
  }
}

function isSafe(segment: string): boolean {
  return segment !== "." && segment !== ".." && !/[\x00-\x1f\x7f/\\]/.test(segment);
}

function findRegion(text: string, regions: readonly string[]): string | undefined {
  return regions.find((region) => region.toLowerCase() === text.toLowerCase());
}

type Options = Pick<ProvisioningPath, "language" | "tenantId" | "secret">;

/** Takes language, tenant and secret off the front of `segments`; undefined when one of them is malformed. */
function takeOptions(segments: string[]): Options | undefined {
  let language: PhoneLanguage | undefined;
  let tenantId: string | undefined;
  let secret: string | undefined;
  for (
    let name = segments[0]?.toLowerCase();
    name !== undefined;
    name = segments[0]?.toLowerCase()
  ) {
    if (name.startsWith("lang_")) {
      language = parsePhoneLanguage(name.slice("lang_".length));
      segments.shift();
    } else if (name === "tenantid") {
      tenantId = segments[1]?.toLowerCase();
      if (tenantId === undefined || !guid.test(tenantId)) return undefined;
      segments.splice(0, 2);
    } else if (name === "device") {
      secret = segments[1];
      if (secret === undefined || !secretForm.test(secret)) return undefined;
      segments.splice(0, 2);
    } else break;
  }
  return { language, tenantId, secret };
}
