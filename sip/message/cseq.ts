import { digitCharacter, skip, skipSpace, tokenCharacter } from "./character-classes.ts";
import { SipParseError } from "./sip-parse-error.ts";

/** CSeq (RFC 3261 §20.16). */
export interface CSeq {
  /** 0 to 2³¹ − 1. */
  readonly number: number;
  readonly method: string;
}

/** @throws SipParseError when the value is malformed or the number is 2³¹ or more (§8.1.1.5). */
export function parseCSeq(value: string): CSeq {
  const end = value.length;
  const digitsEnd = skip(digitCharacter, value, 0, end);
  const methodStart = skipSpace(value, digitsEnd, end);
  const methodEnd = skip(tokenCharacter, value, methodStart, end);
  if (
    digitsEnd === 0 ||
    methodStart === digitsEnd ||
    methodEnd === methodStart ||
    methodEnd !== end
  ) {
    throw new SipParseError("CSeq", "not a number and a method");
  }
  const number = Number(value.slice(0, digitsEnd));
  if (number >= 2 ** 31) throw new SipParseError("CSeq", "the number is 2147483648 or more");
  return { number, method: value.slice(methodStart) };
}
