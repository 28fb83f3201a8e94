import { digitCharacter, skip, skipSpace, tokenCharacter } from "./character-classes.ts";
import { parseByGrammar, readList } from "./full-grammar.ts";
import { endOfHost, scanPort } from "./host.ts";
import {
  countParameters,
  formatParameters,
  type Parameters,
  parametersFromGrammar,
  scanParameters,
} from "./parameters.ts";
import { SipParseError } from "./sip-parse-error.ts";
import { splitList } from "./split-list.ts";

/** One Via (RFC 3261 §20.42, RFC 3581). */
export interface Via {
  /** `SIP/2.0` */
  readonly protocol: string;
  /** In upper case: `UDP`, `TCP`, `TLS`, `WS`, … */
  readonly transport: string;
  /** As on the wire; an IPv6 address in its brackets. */
  readonly host: string;
  readonly port: number | undefined;
  readonly branch: string | undefined;
  readonly received: string | undefined;
  /** null: the flag without a value, by which a client asks for it. */
  readonly rport: number | null | undefined;
  /** All parameters, those above too. */
  readonly parameters: Parameters;
}

/** Reads one header line, which may hold several Vias. @throws SipParseError when one is malformed. */
export function parseVias(value: string): Via[] {
  if (value.indexOf(",") < 0) return [scanVia(value) ?? viaByGrammar(value)];
  return readList(splitList(value), scanVia, viaByGrammar);
}

/** Reads the plain shapes; undefined: the full grammar has to decide. */
export function scanVia(value: string): Via | undefined {
  if (!value.startsWith("SIP/2.0/")) return undefined;
  const end = value.length;
  const transportEnd = skip(tokenCharacter, value, 8, end);
  const hostStart = skipSpace(value, transportEnd, end);
  if (transportEnd === 8 || hostStart === transportEnd) return undefined;
  const hostEnd = endOfHost(value, hostStart, end);
  if (hostEnd < 0) return undefined;
  let position = hostEnd;
  let port: number | undefined;
  if (value.charCodeAt(position) === 58) {
    position = skip(digitCharacter, value, hostEnd + 1, end);
    port = scanPort(value, hostEnd + 1, position);
    if (port === undefined) return undefined;
  }
  const parameters = scanParameters(value, position, end, "Via");
  if (parameters === undefined) return undefined;
  const transport = value.slice(8, transportEnd).toUpperCase();
  return buildVia("SIP/2.0", transport, value.slice(hostStart, hostEnd), port, parameters);
}

function buildVia(
  protocol: string,
  transport: string,
  host: string,
  port: number | undefined,
  parameters: Parameters,
): Via {
  return {
    protocol,
    transport,
    host,
    port,
    branch: parameters.get("branch") ?? undefined,
    received: parameters.get("received") ?? undefined,
    rport: readPort(parameters.get("rport")),
    parameters,
  };
}

function readPort(value: string | null | undefined): number | null | undefined {
  if (value === undefined || value === null) return value;
  const port = scanPort(value, 0, value.length);
  if (port === undefined) throw new SipParseError("Via", "rport is not a port");
  return port;
}

interface GrammarVia {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly [name: string]: unknown;
}

/** Parameters for which the grammar has rules of their own, and which it therefore gives apart. */
const ownRules = ["ttl", "maddr", "received", "branch", "rport"] as const;

/** `sent-protocol LWS sent-by`, of what the grammar has found in order. */
const sentProtocolAndBy =
  /^\s*([^\s/]+)\s*\/\s*([^\s/]+)\s*\/\s*([^\s/]+)\s+(\[[^\]]*\]|[^\s:]+)\s*(?::\s*(\d*)\s*)?$/;

/**
 * Reads one Via by the full grammar. That gives verdict and parameters; what stands before them is
 * cut out of the text, since it takes any host in a parameter for the host of the Via.
 *
 * @throws SipParseError when the grammar refuses the value.
 */
export function viaByGrammar(value: string): Via {
  const found = parseByGrammar(value, "Via");
  const semicolon = value.indexOf(";");
  const parts = sentProtocolAndBy.exec(semicolon < 0 ? value : value.slice(0, semicolon));
  if (!isGrammarVia(found) || parts === null) throw new SipParseError("Via", "not a valid Via");
  const [, name = "", version = "", transport = "", host = "", portText] = parts;
  const port = portText === undefined ? undefined : scanPort(portText, 0, portText.length);
  if (portText !== undefined && port === undefined)
    throw new SipParseError("Via", "the port is malformed");
  const parameters: Record<string, unknown> = { ...found.params };
  for (const rule of ownRules) if (rule in found) parameters[rule] = found[rule];
  if (hasBareRport(value)) parameters.rport ??= null;
  return buildVia(
    `${name.toUpperCase()}/${version}`,
    transport.toUpperCase(),
    host,
    port,
    parametersFromGrammar(parameters, countParameters(value), "Via"),
  );
}

function hasBareRport(value: string): boolean {
  return /;\s*rport\s*(?:;|$)/i.test(value);
}

function isGrammarVia(found: unknown): found is GrammarVia {
  return typeof found === "object" && found !== null && "protocol" in found;
}

/** The Via as it goes on the wire. */
export function formatVia(via: Via): string {
  const port = via.port === undefined ? "" : `:${via.port}`;
  return `${via.protocol}/${via.transport} ${via.host}${port}${formatParameters(via.parameters)}`;
}

/** A copy with these parameters set (§18.2.1 `received`, RFC 3581 `rport`); null: without a value. */
export function withViaParameters(via: Via, changes: Record<string, string | null>): Via {
  const parameters = new Map(via.parameters);
  for (const [name, value] of Object.entries(changes)) parameters.set(name, value);
  return buildVia(via.protocol, via.transport, via.host, via.port, parameters);
}
