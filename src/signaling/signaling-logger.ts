/** The part of pino's logger that signaling uses. Fields never hold passwords, codes or digests. */
export interface SignalingLogger {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
