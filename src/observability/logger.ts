import { type DestinationStream, type Logger, pino, stdTimeFunctions } from "pino";
import pretty from "pino-pretty";
import { redactFields, redactText } from "./redact.ts";

/** How to log. */
export interface LoggerOptions {
  /** A pino level. */
  readonly level: string;
  /** The gateway node, in every line. */
  readonly nodeId: string;
  /** Lines for people instead of JSON: for a terminal. */
  readonly pretty: boolean;
  /** Where to write; standard output when absent. */
  readonly destination?: DestinationStream;
}

/**
 * A logger that writes one JSON object a line and lets no password, code, token or digest pass:
 * by the names of fields, and by the forms in which they stand in sentences.
 */
export function createLogger(options: LoggerOptions): Logger {
  const destination = options.pretty
    ? pretty({ sync: true, ignore: "node", ...destinationOf(options) })
    : options.destination;
  const logger = pino(
    {
      level: options.level,
      base: { node: options.nodeId },
      timestamp: stdTimeFunctions.isoTime,
      formatters: {
        level: (label) => ({ level: label }),
        log: redactFields,
        bindings: redactFields,
      },
      hooks: { streamWrite: redactText },
    },
    destination ?? pino.destination({ fd: 1, sync: true }),
  );
  return redactingChildren(logger);
}

/** Pino drops a logger's `bindings` formatter for its children (lib/proto.js); children inherit this instead. */
function redactingChildren(logger: Logger): Logger {
  const makeChild = logger.child;
  logger.child = function child(this: Logger, bindings: object, options?: object) {
    return makeChild.call(this, redactFields({ ...bindings }), options);
  } as Logger["child"];
  return logger;
}

function destinationOf(options: LoggerOptions): { destination?: DestinationStream } {
  return options.destination === undefined ? {} : { destination: options.destination };
}
