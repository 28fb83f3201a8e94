import { ConfigurationError } from "./phone-settings.ts";

/** The first line without which a Yealink phone ignores a file. */
export const yealinkFirstLine = "#!version:1.0.0.1";

const yealinkCleared = "%NULL%";

/**
 * Reads Yealink's `key = value` lines; `#` begins a comment, `%NULL%` clears. `include:config "name"`
 * lines are not settings and come back apart.
 * @throws ConfigurationError when the first line is not Yealink's
 */
export function readYealinkFile(text: string): {
  readonly settings: Map<string, string>;
  readonly includes: readonly string[];
} {
  const lines = text.split(/\r?\n/);
  if (lines[0] !== yealinkFirstLine) {
    throw new ConfigurationError(
      `A Yealink file begins with ${yealinkFirstLine}; this one does not.`,
    );
  }
  const settings = new Map<string, string>();
  const includes: string[] = [];
  for (const line of lines) {
    const included = /^include:config\s+["<]?([^">]+)[">]?\s*$/.exec(line)?.[1];
    const [, name, value = ""] = /^([^#=\s][^=]*?)\s*=\s*(.*?)\s*$/.exec(line) ?? [];
    if (included !== undefined) includes.push(included);
    else if (name !== undefined) settings.set(name, value === yealinkCleared ? "" : value);
  }
  return { settings, includes };
}

/** Reads AudioCodes' `path/name=value` lines; `;` and `#` begin comments. */
export function readAudioCodesFile(text: string): Map<string, string> {
  const settings = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const [, name, value = ""] = /^([a-z][\w/-]*)=(.*)$/i.exec(line.trim()) ?? [];
    if (name !== undefined) settings.set(name, value);
  }
  return settings;
}
