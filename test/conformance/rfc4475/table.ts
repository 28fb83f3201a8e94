/** Who has to act on the message, once the parser has let it pass. */
export type Element = "parser" | "registrar" | "proxy" | "uas" | "uac" | "transaction";

/** `accepted`: passed on; `discarded`: a response that is dropped; a number: the status answered. */
export type ParserAnswer = "accepted" | "discarded" | number;

/** One message of RFC 4475, what the RFC asks for, and what parser and validator say. */
export interface TortureCase {
  /** The name that the RFC gives it. */
  readonly name: string;
  readonly section: string;
  /** Below `messages/`. */
  readonly file: string;
  readonly element: Element;
  /** What the RFC asks of an element that receives it, shortened. */
  readonly asked: string;
  /** What the RFC lets parser and validator answer. */
  readonly allowed: readonly ParserAnswer[];
  /**
   * Statuses by which a running element does what is asked; empty: no answer at all; undefined:
   * whatever it answers to a well-formed request of this kind, so anything but 400.
   */
  readonly statuses: readonly number[] | undefined;
  readonly parserAnswer: ParserAnswer;
}

type Row = readonly [
  section: string,
  name: string,
  element: Element,
  asked: string,
  allowed: readonly ParserAnswer[],
  statuses: readonly number[] | undefined,
  parserAnswer: ParserAnswer,
];

const accept: readonly ParserAnswer[] = ["accepted"];
const refuse: readonly ParserAnswer[] = [400];
const discard: readonly ParserAnswer[] = ["discarded"];
const either: readonly ParserAnswer[] = [400, "accepted"];

const rows: readonly Row[] = [
  ["3.1.1.1", "wsinv", "parser", "well-formed INVITE", accept, undefined, "accepted"],
  [
    "3.1.1.2",
    "intmeth",
    "uas",
    "well-formed request of an unknown method",
    accept,
    [405, 501],
    "accepted",
  ],
  ["3.1.1.3", "esc01", "parser", "well-formed; escapes in URIs", accept, undefined, "accepted"],
  [
    "3.1.1.4",
    "escnull",
    "registrar",
    "well-formed; %00 in the user part",
    accept,
    undefined,
    "accepted",
  ],
  [
    "3.1.1.5",
    "esc02",
    "uas",
    "well-formed; % is no escape in a method or header name",
    accept,
    [405, 501],
    "accepted",
  ],
  [
    "3.1.1.6",
    "lwsdisp",
    "parser",
    "well-formed; no space between name and <",
    accept,
    undefined,
    "accepted",
  ],
  ["3.1.1.7", "longreq", "parser", "well-formed; long values", accept, undefined, "accepted"],
  [
    "3.1.1.8",
    "dblreq",
    "registrar",
    "well-formed REGISTER; what follows in the datagram is ignored",
    accept,
    undefined,
    "accepted",
  ],
  [
    "3.1.1.9",
    "semiuri",
    "parser",
    "well-formed; the semicolon belongs to the user part",
    accept,
    undefined,
    "accepted",
  ],
  [
    "3.1.1.10",
    "transports",
    "parser",
    "well-formed; unknown transports in lower Vias",
    accept,
    undefined,
    "accepted",
  ],
  ["3.1.1.11", "mpart01", "parser", "well-formed; binary body", accept, undefined, "accepted"],
  [
    "3.1.1.12",
    "unreason",
    "uac",
    "well-formed response; UTF-8 in the reason phrase",
    accept,
    [],
    "accepted",
  ],
  [
    "3.1.1.13",
    "noreason",
    "uac",
    "well-formed response; empty reason phrase",
    accept,
    [],
    "accepted",
  ],
  ["3.1.2.1", "badinv01", "parser", "400: separators without parameters", refuse, [400], 400],
  [
    "3.1.2.2",
    "clerr",
    "parser",
    "400: Content-Length larger than the datagram",
    refuse,
    [400],
    400,
  ],
  ["3.1.2.3", "ncl", "parser", "400: negative Content-Length", refuse, [400], 400],
  ["3.1.2.4", "scalar02", "parser", "400: CSeq and Max-Forwards out of range", refuse, [400], 400],
  ["3.1.2.5", "scalarlg", "uac", "response dropped: CSeq out of range", discard, [], "discarded"],
  ["3.1.2.6", "quotbal", "parser", "400: quoted string not closed", refuse, [400], 400],
  ["3.1.2.7", "ltgtruri", "parser", "400: <> around the Request-URI", refuse, [400], 400],
  ["3.1.2.8", "lwsruri", "parser", "400: white space in the Request-URI", refuse, [400], 400],
  ["3.1.2.9", "lwsstart", "parser", "400: several spaces in the request line", refuse, [400], 400],
  ["3.1.2.10", "trws", "parser", "400, or the trailing spaces ignored", either, [400, 200], 400],
  [
    "3.1.2.11",
    "escruri",
    "parser",
    "400, or the headers in the Request-URI ignored",
    either,
    [400],
    400,
  ],
  [
    "3.1.2.12",
    "baddate",
    "parser",
    "400, or the Date in a wrong time zone ignored",
    either,
    undefined,
    "accepted",
  ],
  ["3.1.2.13", "regbadct", "registrar", "400: a Contact URI with ? outside <>", refuse, [400], 400],
  ["3.1.2.14", "badaspec", "parser", "400, or the spaces inside <> ignored", either, [400], 400],
  [
    "3.1.2.15",
    "baddn",
    "parser",
    "400, or the comma in the display name tolerated",
    either,
    [400],
    400,
  ],
  ["3.1.2.16", "badvers", "parser", "505: unknown version", [505], [505], 505],
  [
    "3.1.2.17",
    "mismatch01",
    "parser",
    "400: start line and CSeq disagree on the method",
    refuse,
    [400],
    400,
  ],
  [
    "3.1.2.18",
    "mismatch02",
    "parser",
    "400 or 501: the same with an unknown method",
    [400, 501],
    [400, 501],
    400,
  ],
  ["3.1.2.19", "bigcode", "uac", "response dropped: status out of range", discard, [], "discarded"],
  [
    "3.2.1",
    "badbranch",
    "transaction",
    "processed; the branch is nothing but the magic cookie",
    accept,
    [200],
    "accepted",
  ],
  ["3.3.1", "insuf", "parser", "400: To, From and Call-ID are missing", refuse, [400], 400],
  ["3.3.2", "unkscm", "parser", "416: unknown scheme in the Request-URI", [416], [416], 416],
  [
    "3.3.3",
    "novelsc",
    "parser",
    "416: known scheme, unusual in the Request-URI",
    [416],
    [416],
    416,
  ],
  [
    "3.3.4",
    "unksm2",
    "registrar",
    "well-formed; a registrar answers 400, since To is no SIP URI",
    either,
    [400, 404],
    "accepted",
  ],
  ["3.3.5", "bext01", "uas", "420 with Unsupported", accept, [420], "accepted"],
  ["3.3.6", "invut", "uas", "415 with Accept", accept, [415], "accepted"],
  ["3.3.7", "regaut01", "registrar", "401, as without credentials", accept, [401], "accepted"],
  ["3.3.8", "multi01", "parser", "400: single headers repeated", refuse, [400], 400],
  ["3.3.9", "mcl01", "parser", "400: two Content-Lengths that differ", refuse, [400], 400],
  [
    "3.3.10",
    "bcast",
    "uac",
    "response dropped: the second Via is not of this element",
    ["accepted", "discarded"],
    [],
    "accepted",
  ],
  [
    "3.3.11",
    "zeromf",
    "proxy",
    "483 where forwarded; an endpoint answers 200",
    accept,
    [200, 483],
    "accepted",
  ],
  [
    "3.3.12",
    "cparam01",
    "registrar",
    "well-formed; the parameter is the header's",
    accept,
    undefined,
    "accepted",
  ],
  [
    "3.3.13",
    "cparam02",
    "registrar",
    "well-formed; the parameter is the URI's",
    accept,
    undefined,
    "accepted",
  ],
  [
    "3.3.14",
    "regescrt",
    "registrar",
    "well-formed; headers in the Contact URI",
    accept,
    undefined,
    "accepted",
  ],
  ["3.3.15", "sdp01", "uas", "406: the answer's type is not known", accept, [406], "accepted"],
  [
    "3.4.1",
    "inv2543",
    "transaction",
    "well-formed by RFC 2543: no branch, no From tag, no Max-Forwards",
    accept,
    undefined,
    "accepted",
  ],
];

/** Every message of RFC 4475 in the RFC's order. */
export const tortureCases: readonly TortureCase[] = rows.map(
  ([section, name, element, asked, allowed, statuses, parserAnswer]) => ({
    name,
    section,
    file: `${name}.dat`,
    element,
    asked,
    allowed,
    statuses,
    parserAnswer,
  }),
);

/** Whether what parser and validator answer is among what the RFC allows. */
export function agrees(torture: TortureCase): boolean {
  return torture.allowed.includes(torture.parserAnswer);
}
