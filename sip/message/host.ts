import { isIP } from "node:net";
import { hostCharacter, ipv6Character, isOf, letterCharacter, skip } from "./character-classes.ts";

/**
 * Where the host that begins at `start` ends (RFC 3261 §25.1 `host`: name, IPv4 address, or IPv6
 * reference in brackets), or -1 when there is none.
 */
export function endOfHost(text: string, start: number, end: number): number {
  if (start < end && text.charCodeAt(start) === 91) {
    const bracket = skip(ipv6Character, text, start + 1, end);
    if (bracket >= end || text.charCodeAt(bracket) !== 93) return -1;
    return isIP(text.slice(start + 1, bracket)) === 6 ? bracket + 1 : -1;
  }
  const hostEnd = skip(hostCharacter, text, start, end);
  return isHostName(text, start, hostEnd) ? hostEnd : -1;
}

/** Labels neither empty nor bounded by hyphens; the last begins with a letter, or all is an IPv4 address. */
function isHostName(text: string, start: number, end: number): boolean {
  if (start === end || end - start > 255) return false;
  const stop = text.charCodeAt(end - 1) === 46 ? end - 1 : end;
  let labelStart = start;
  for (let position = start; position < stop; position++) {
    if (text.charCodeAt(position) !== 46) continue;
    if (!isLabel(text, labelStart, position)) return false;
    labelStart = position + 1;
  }
  if (!isLabel(text, labelStart, stop)) return false;
  const isName = isOf(letterCharacter, text.charCodeAt(labelStart));
  return isName || (stop === end && isIpv4(text, start, end));
}

/** Four numbers of at most three digits, none over 255. */
function isIpv4(text: string, start: number, end: number): boolean {
  let numbers = 1;
  let digits = 0;
  let value = 0;
  for (let position = start; position < end; position++) {
    const code = text.charCodeAt(position);
    if (code === 46) {
      numbers++;
      digits = 0;
      value = 0;
      continue;
    }
    value = value * 10 + code - 48;
    digits++;
    if (code < 48 || code > 57 || digits > 3 || value > 255) return false;
  }
  return numbers === 4;
}

function isLabel(text: string, start: number, end: number): boolean {
  return end > start && text.charCodeAt(start) !== 45 && text.charCodeAt(end - 1) !== 45;
}

/** The port in `text` from `start` to `end`: 1 to 5 digits, at most 65535; otherwise undefined. */
export function scanPort(text: string, start: number, end: number): number | undefined {
  if (start === end || end - start > 5) return undefined;
  let port = 0;
  for (let position = start; position < end; position++) {
    const digit = text.charCodeAt(position) - 48;
    if (digit < 0 || digit > 9) return undefined;
    port = port * 10 + digit;
  }
  return port <= 65535 ? port : undefined;
}
