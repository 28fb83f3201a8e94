import {
  canonicalHeaderName,
  headerNameOf,
  headerNumber,
  tableByHeader,
  unknownHeader,
} from "./header-names.ts";
import { SipParseError } from "./sip-parse-error.ts";

interface HeaderField {
  /** As `headerNumber` gives it. */
  readonly number: number;
  readonly name: string;
  value: string;
  /** What the last typed reader made of `value`; dropped when the value changes. */
  parsed: unknown;
  parsedBy: unknown;
}

/** What §8.2.6.2 copies into a response: Via each time, of the others the first, for which each has a bit. */
const everyTime = 1;
const responseFields = tableByHeader([
  ["Via", everyTime],
  ["From", 2],
  ["To", 4],
  ["Call-ID", 8],
  ["CSeq", 16],
]);
const contentLength = headerNumber("Content-Length");

/**
 * The header fields of a message in wire order (RFC 3261 §7.3). Names are kept in canonical form
 * (`Call-ID`, never `i` or `call-id`), values unfolded and trimmed but otherwise as they came.
 * A typed reader's result is remembered with its field, so a header is parsed at most once.
 */
export class HeaderFields {
  readonly #fields: HeaderField[] = [];

  /** The first field's value, or undefined. `name` is matched in any case and in compact form. */
  get(name: string): string | undefined {
    return this.#first(canonicalHeaderName(name))?.value;
  }

  /** Every field's value in wire order; comma-joined values are not taken apart. */
  getAll(name: string): string[] {
    const canonical = canonicalHeaderName(name);
    const values: string[] = [];
    for (const field of this.#fields) if (isNamed(field, canonical)) values.push(field.value);
    return values;
  }

  /**
   * Which headers are there, in one pass: for each bit that `bits`, a `tableByHeader`, gives to a
   * header, that bit when there is a field, and the bit 16 places above it when there are several.
   */
  census(bits: Int32Array): number {
    let seen = 0;
    for (const field of this.#fields) {
      const bit = bits[field.number] ?? 0;
      seen |= (seen & bit) === 0 ? bit : bit << 16;
    }
    return seen;
  }

  has(name: string): boolean {
    return this.#first(canonicalHeaderName(name)) !== undefined;
  }

  /** How many fields (lines) bear this name. */
  count(name: string): number {
    const canonical = canonicalHeaderName(name);
    let count = 0;
    for (const field of this.#fields) if (isNamed(field, canonical)) count++;
    return count;
  }

  /** Adds a field at the end. */
  append(name: string, value: string): void {
    this.#fields.push(newField(name, value));
  }

  /**
   * Adds a field as the parser found it, of this number; `value` holds no line break. Values from
   * anywhere else go through {@link append}.
   * @param unknown the name as it came, for a header that is not known
   */
  appendParsed(number: number, unknown: string, value: string): void {
    const name = headerNameOf(number, unknown);
    this.#fields.push({ number, name, value, parsed: undefined, parsedBy: undefined });
  }

  /** Copies what a response takes over from its request (RFC 3261 §8.2.6.2): every Via, the first of the others. */
  copyForResponse(request: HeaderFields): void {
    let copied = 0;
    for (const { number, name, value } of request.#fields) {
      const bit = responseFields[number] ?? 0;
      if (bit === 0 || (copied & bit) !== 0) continue;
      if (bit !== everyTime) copied |= bit;
      this.#fields.push({ number, name, value, parsed: undefined, parsedBy: undefined });
    }
  }

  /** The fields as they go on the wire, with this Content-Length in its place or last, and the empty line. */
  toWire(bodyBytes: number): string {
    let text = "";
    let lengthWritten = false;
    for (const { number, name, value } of this.#fields) {
      if (number !== contentLength) text += `${name}: ${value}\r\n`;
      else if (!lengthWritten) {
        text += `Content-Length: ${bodyBytes}\r\n`;
        lengthWritten = true;
      }
    }
    return lengthWritten ? `${text}\r\n` : `${text}Content-Length: ${bodyBytes}\r\n\r\n`;
  }

  /** Adds a field before all others of its name, or at the start when there is none (Via, Record-Route). */
  prepend(name: string, value: string): void {
    const canonical = canonicalHeaderName(name);
    const index = this.#fields.findIndex((field) => isNamed(field, canonical));
    this.#fields.splice(Math.max(index, 0), 0, newField(canonical, value));
  }

  /** Replaces every field of this name by one with this value, in the place of the first. */
  set(name: string, value: string): void {
    const canonical = canonicalHeaderName(name);
    const first = this.#first(canonical);
    if (first === undefined) {
      this.#fields.push(newField(canonical, value));
      return;
    }
    refuseLineBreak(canonical, value);
    first.value = value;
    first.parsedBy = undefined;
    this.#retain((field) => field === first || !isNamed(field, canonical));
  }

  /** Replaces the value of the first field of this name, if there is one; the others stay (Via). */
  replaceFirst(name: string, value: string): void {
    const first = this.#first(canonicalHeaderName(name));
    if (first === undefined) return;
    refuseLineBreak(first.name, value);
    first.value = value;
    first.parsedBy = undefined;
  }

  /** Replaces every field of this name by one field for each of these values. */
  setAll(name: string, values: readonly string[]): void {
    const [first, ...rest] = values;
    if (first === undefined) {
      this.delete(name);
      return;
    }
    this.set(name, first);
    const canonical = canonicalHeaderName(name);
    const index = this.#fields.findIndex((field) => isNamed(field, canonical));
    this.#fields.splice(index + 1, 0, ...rest.map((value) => newField(canonical, value)));
  }

  delete(name: string): void {
    const canonical = canonicalHeaderName(name);
    this.#retain((field) => !isNamed(field, canonical));
  }

  /**
   * The first field's value as a typed reader sees it, remembered until the value changes.
   * @returns undefined when there is no such field; throws whatever `reader` throws.
   */
  read<T>(canonicalName: string, reader: (value: string) => T): T | undefined {
    const field = this.#first(canonicalName);
    if (field === undefined) return undefined;
    if (field.parsedBy !== reader) {
      field.parsed = reader(field.value);
      field.parsedBy = reader;
    }
    return field.parsed as T;
  }

  /** Name and value of every field in wire order. */
  *[Symbol.iterator](): IterableIterator<readonly [name: string, value: string]> {
    for (const field of this.#fields) yield [field.name, field.value];
  }

  /** How many fields there are in all. */
  get size(): number {
    return this.#fields.length;
  }

  clone(): HeaderFields {
    const copy = new HeaderFields();
    for (const field of this.#fields) copy.#fields.push({ ...field });
    return copy;
  }

  #first(canonicalName: string): HeaderField | undefined {
    for (const field of this.#fields) if (isNamed(field, canonicalName)) return field;
    return undefined;
  }

  #retain(keep: (field: HeaderField) => boolean): void {
    let kept = 0;
    for (const field of this.#fields) if (keep(field)) this.#fields[kept++] = field;
    this.#fields.length = kept;
  }
}

/** Names outside the table of known ones are kept as they came, and compared here (§7.3.1). */
function isNamed(field: HeaderField, canonical: string): boolean {
  if (field.name === canonical) return true;
  if (field.number !== unknownHeader || field.name.length !== canonical.length) return false;
  return field.name.toLowerCase() === canonical.toLowerCase();
}

/** A line break inside a value would let whoever wrote the value add headers of his own. */
function refuseLineBreak(name: string, value: string): void {
  if (value.includes("\r") || value.includes("\n")) {
    throw new SipParseError(name, "the value holds a line break");
  }
}

function newField(name: string, value: string): HeaderField {
  const number = headerNumber(name);
  const canonical = headerNameOf(number, name);
  refuseLineBreak(canonical, value);
  if (number === unknownHeader) refuseLineBreak("header", name);
  return { number, name: canonical, value, parsed: undefined, parsedBy: undefined };
}
