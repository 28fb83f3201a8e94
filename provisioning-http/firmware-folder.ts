import { readdir, realpath, stat } from "node:fs/promises";
import path from "node:path";
import { bareModel } from "./model-name.ts";
import type { Vendor } from "./vendor.ts";

/** An image that lies ready for a model. */
export interface FirmwareFile {
  /** URL path from the server's root, e.g. `/firmware/yealink/t46s/T46S-66.86.5.1.rom`. */
  readonly urlPath: string;
}

interface ModelFolder {
  readonly vendorFolder: string;
  readonly folder: string;
  /** Newest first. */
  readonly files: readonly string[];
}

/** By vendor and bare model. */
type Listing = ReadonlyMap<string, ModelFolder>;

const safeName = /^[A-Za-z0-9][A-Za-z0-9._+-]{0,127}$/;
/** A new image is seen after this time at the latest. */
const listingMilliseconds = 10_000;
/** `9` before `10`: version numbers within names compare as numbers. */
const byName = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

/**
 * The folder of firmware images: `<root>/<vendor>/<model>/<file>`, e.g.
 * `yealink/t46s/T46S-66.86.5.1.rom`. Vendor folders are named as in {@link Vendor}; case and
 * punctuation of model folders do not matter (`VVX_400` is `vvx400`). The last file by name is the
 * newest, with numbers in names compared as numbers. Names that begin with a dot, or hold anything but
 * letters, digits and `._+-`, do not exist.
 */
export class FirmwareFolder {
  /** Absolute path. */
  readonly root: string;
  readonly #nowMilliseconds: () => number;
  #listing: Promise<Listing> | undefined;
  #listedAtMilliseconds = 0;

  /** @param root need not exist yet. */
  constructor(root: string, nowMilliseconds: () => number) {
    this.root = path.resolve(root);
    this.#nowMilliseconds = nowMilliseconds;
  }

  /** The newest image for a model; for Poly the name is only the folder's proof, the phone picks its own file there. */
  async find(vendor: Vendor, model: string | undefined): Promise<FirmwareFile | undefined> {
    return this.#pick(vendor, model, () => true);
  }

  /** A certain file for a model, in any case, e.g. the `sip.ld` that a Poly phone asks for by name. */
  async findNamed(
    vendor: Vendor,
    model: string | undefined,
    fileName: string,
  ): Promise<FirmwareFile | undefined> {
    return this.#pick(vendor, model, (file) => file.toLowerCase() === fileName.toLowerCase());
  }

  /**
   * The path below the root of what `/firmware/<names>` asks for; undefined when there is no such
   * file, or a link leads out of the root.
   */
  async resolve(names: readonly string[]): Promise<string | undefined> {
    if (names.length !== 3 || !names.every((name) => safeName.test(name))) return undefined;
    const wanted = path.join(this.root, ...names);
    try {
      const [root, file] = await Promise.all([realpath(this.root), realpath(wanted)]);
      if (!file.startsWith(root + path.sep) || !(await stat(file)).isFile()) return undefined;
      return names.join("/");
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  async #pick(
    vendor: Vendor,
    model: string | undefined,
    accepts: (file: string) => boolean,
  ): Promise<FirmwareFile | undefined> {
    if (model === undefined) return undefined;
    const found = (await this.#list()).get(modelKey(vendor, model));
    const fileName = found?.files.find(accepts);
    if (found === undefined || fileName === undefined) return undefined;
    return { urlPath: `/firmware/${found.vendorFolder}/${found.folder}/${fileName}` };
  }

  #list(): Promise<Listing> {
    const now = this.#nowMilliseconds();
    if (this.#listing === undefined || now - this.#listedAtMilliseconds >= listingMilliseconds) {
      this.#listedAtMilliseconds = now;
      this.#listing = this.#read();
    }
    return this.#listing;
  }

  async #read(): Promise<Listing> {
    const models = new Map<string, ModelFolder>();
    for (const vendor of await namesIn(this.root)) {
      for (const folder of await namesIn(path.join(this.root, vendor))) {
        const files = await namesIn(path.join(this.root, vendor, folder));
        files.sort((one, other) => byName.compare(other, one));
        models.set(modelKey(vendor.toLowerCase(), folder), { vendorFolder: vendor, folder, files });
      }
    }
    return models;
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).filter((name) => safeName.test(name));
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "ENOENT" || code === "ENOTDIR" || code === "ELOOP";
}

function modelKey(vendor: string, model: string): string {
  return `${vendor} ${bareModel(model)}`;
}
