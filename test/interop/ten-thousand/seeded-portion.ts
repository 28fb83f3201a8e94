import { hash } from "node:crypto";

const mostOfFourBytes = 2 ** 32;

/** A number from 0 up to 1 that is always the same for a text and looks random over many of them. */
export function seededPortion(text: string): number {
  return Number.parseInt(hash("sha256", text).slice(0, 8), 16) / mostOfFourBytes;
}

/** A number between two others, always the same for a text. */
export function seededBetween(text: string, least: number, most: number): number {
  return least + seededPortion(text) * (most - least);
}
