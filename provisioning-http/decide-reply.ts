import type { FirmwareFolder } from "./firmware-folder.ts";
import type { Identification } from "./identify-phone.ts";
import type { PhoneDirectory, PhoneRequest } from "./phone-directory.ts";
import type { ProvisioningPath } from "./provisioning-path.ts";
import { vendorName } from "./vendor.ts";

/** What to answer, before conditions and ranges. `note` is for the administrator. */
export type PhoneReply =
  | {
      readonly kind: "text";
      readonly text: string;
      readonly contentType: string;
      readonly note?: string;
    }
  /** A file below the firmware folder's root. */
  | { readonly kind: "firmware"; readonly path: string; readonly note?: string }
  | { readonly kind: "accepted"; readonly note?: string }
  /** `reason` is told to the phone, and stands for `note` when there is none. */
  | {
      readonly kind: "refused";
      readonly status: number;
      readonly reason: string;
      readonly note?: string;
    };

/** All that the decision rests on. */
export interface PhoneInquiry {
  readonly request: PhoneRequest;
  readonly identification: Identification;
  readonly path: ProvisioningPath;
  /** Absolute URL of the folder the phone asked in, with its secret. */
  readonly baseUrl: string;
}

/** What a decision asks of others. */
export interface ReplySources {
  readonly directory: PhoneDirectory;
  readonly firmware: FirmwareFolder | undefined;
  /** To name them to one who mistyped. */
  readonly regions: readonly string[];
}

/** Finds what a phone's request is answered with. */
export async function decideReply(
  inquiry: PhoneInquiry,
  sources: ReplySources,
): Promise<PhoneReply> {
  const { request, path } = inquiry;
  if (request.method === "PUT" && request.file !== "upload") {
    return { kind: "refused", status: 405, reason: "Only logs and user settings can be put here" };
  }
  if (isFirmwarePath(path)) return namedFirmware(path, sources.firmware);
  const strangeFolder = findStrangeFolder(inquiry);
  if (strangeFolder !== undefined) {
    return notFound(
      `"${strangeFolder}" is neither a region (${sources.regions.join(", ")}) nor anything else known here: check the provisioning URL`,
    );
  }
  switch (request.file) {
    case "configuration":
      return configuration(inquiry, sources);
    case "entry":
      return entry(inquiry, sources.firmware);
    case "firmware":
      return firmwareByModel(inquiry, sources.firmware);
    case "upload":
      return { kind: "accepted" };
    case "optional":
      return { ...notFound("Not kept here"), note: "Not kept here; the phone goes on without it" };
    case "foreign":
      return notFound(inquiry.identification.file.reason ?? "Asked by firmware that is not served");
    case "page":
    case "unknown":
      return unknown(inquiry);
  }
}

/** Whether the path is one of the firmware folder's, `/firmware/<vendor>/<model>/<file>`. */
export function isFirmwarePath(path: ProvisioningPath): boolean {
  return path.folders[0]?.toLowerCase() === "firmware";
}

function notFound(reason: string): Extract<PhoneReply, { kind: "refused" }> {
  return { kind: "refused", status: 404, reason };
}

/** Cisco's factory rule puts its name and the model before the file; nobody else's puts anything. */
function findStrangeFolder({ identification, path }: PhoneInquiry): string | undefined {
  const { folders } = path;
  const isCisco =
    identification.phone.vendor === "cisco" &&
    folders[0]?.toLowerCase() === "cisco" &&
    folders.length <= 2;
  return isCisco ? undefined : folders[0];
}

async function configuration(inquiry: PhoneInquiry, sources: ReplySources): Promise<PhoneReply> {
  const { request, identification } = inquiry;
  const { module, phone } = identification;
  if (module === undefined || phone.mac === undefined) return unknown(inquiry);
  const answer = await sources.directory.answer(request);
  if (answer.outcome === "refused") {
    return { kind: "refused", status: answer.status, reason: answer.reason };
  }
  const { nextProvisioningUrl } = answer.configuration;
  const firmware = await sources.firmware?.find(module.vendor, phone.model);
  const text = module.render({
    configuration: answer.configuration,
    mac: phone.mac,
    firmwareUrl: absolute(firmware?.urlPath, nextProvisioningUrl),
  });
  return { kind: "text", text, contentType: module.contentType };
}

async function entry(
  inquiry: PhoneInquiry,
  folder: FirmwareFolder | undefined,
): Promise<PhoneReply> {
  const { identification, baseUrl } = inquiry;
  const { module, phone, file } = identification;
  if (module === undefined || file.entry === undefined) return unknown(inquiry);
  const firmware = await folder?.find(module.vendor, phone.model);
  const firmwareUrl = absolute(firmware?.urlPath, baseUrl);
  const text = file.entry({ mac: phone.mac, baseUrl, firmwareUrl });
  return { kind: "text", text, contentType: module.contentType };
}

function absolute(urlPath: string | undefined, baseUrl: string): string | undefined {
  return urlPath === undefined ? undefined : new URL(urlPath, baseUrl).href;
}

async function namedFirmware(
  path: ProvisioningPath,
  folder: FirmwareFolder | undefined,
): Promise<PhoneReply> {
  const found = await folder?.resolve([...path.folders.slice(1), path.fileName]);
  if (found === undefined) return notFound("No such firmware file");
  return { kind: "firmware", path: found };
}

/** The image a phone asks for by a name of its own making, from the folder of its model. */
async function firmwareByModel(
  { identification, path }: PhoneInquiry,
  folder: FirmwareFolder | undefined,
): Promise<PhoneReply> {
  const { module, phone, file } = identification;
  const found =
    module === undefined
      ? undefined
      : file.model === undefined
        ? await folder?.findNamed(module.vendor, phone.model, path.fileName)
        : await folder?.find(module.vendor, file.model);
  if (found === undefined) {
    return {
      ...notFound("No firmware here"),
      note: "No firmware here for this model; the phone keeps what it has",
    };
  }
  return { kind: "firmware", path: found.urlPath.slice("/firmware/".length) };
}

function unknown({ request, identification, path }: PhoneInquiry): PhoneReply {
  if (!request.compatibility.supported) return notFound(request.compatibility.reason);
  if (path.fileName === "") {
    return notFound("A phone adds its own file name to this URL; there is nothing else here");
  }
  const { vendor } = identification.phone;
  const whose = vendor === undefined ? "a phone" : `a ${vendorName(vendor)} phone`;
  return notFound(`No file of that name for ${whose}: ${path.fileName}`);
}
