import { type MacAddress, readMacAddress } from "../domain/mac-address.ts";
import { ProblemError } from "./problem.ts";

/**
 * Reads a MAC address of the request.
 * @param field how the request calls it
 * @throws ProblemError 400 that names the field
 */
export function readMacParameter(text: string, field: string): MacAddress {
  const reading = readMacAddress(text);
  if (reading.ok) return reading.macAddress;
  throw new ProblemError(400, reading.reason, { errors: { [field]: reading.reason } });
}
