/** The HTTP status that an error carries, as fastify's and its plugins' do in `statusCode`; 500 for any other. */
export function errorStatus(error: unknown): number {
  const status = property(error, "statusCode");
  return typeof status === "number" && status >= 400 && status < 600 ? status : 500;
}

/** Content-Range of a 416 (RFC 9110 §15.5.17), which `@fastify/send` leaves in its error. */
export function errorContentRange(error: unknown): string | undefined {
  const range = property(property(error, "headers"), "Content-Range");
  return typeof range === "string" ? range : undefined;
}

function property(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
