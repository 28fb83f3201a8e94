/** What a person needs to know of a gateway that has just started. */
export interface StartAnnouncement {
  readonly provisioningUrls: readonly { readonly name: string; readonly url: string }[];
  /** `sip:HOST:PORT` and what is spoken there. */
  readonly sip: string;
  readonly adminCenter: string;
  /** `SQLite in /var/lib/…` or `Redis`. */
  readonly storage: string;
  /** The first administrator's token, on the start that made it; null on every other. */
  readonly administratorToken: string | null;
  readonly warnings: readonly string[];
}

/**
 * The announcement as it is written to standard output: lines for people on a terminal, else one
 * JSON object, as all lines there. It is no log line: the token in it is told this once.
 */
export function formatStartAnnouncement(
  announcement: StartAnnouncement,
  pretty: boolean,
  nowMilliseconds: number,
): string {
  if (!pretty) {
    const time = new Date(nowMilliseconds).toISOString();
    const { administratorToken, ...rest } = announcement;
    const token = administratorToken === null ? {} : { administratorToken };
    return `${JSON.stringify({ level: "info", time, msg: "SIP Gateway is ready", ...rest, ...token })}\n`;
  }
  const width = Math.max(...announcement.provisioningUrls.map(({ name }) => name.length));
  const lines = [
    "",
    "SIP Gateway is ready.",
    "",
    "  Provisioning URLs for phones:",
    ...announcement.provisioningUrls.map(({ name, url }) => `    ${name.padEnd(width)}  ${url}`),
    `  SIP:           ${announcement.sip}`,
    `  Admin center:  ${announcement.adminCenter}`,
    `  Storage:       ${announcement.storage}`,
  ];
  if (announcement.administratorToken !== null) {
    lines.push(
      `  Administrator's token (shown this once, kept in the data folder):`,
      `    ${announcement.administratorToken}`,
    );
  }
  for (const warning of announcement.warnings) lines.push(`  Warning: ${warning}`);
  return `${lines.join("\n")}\n\n`;
}
