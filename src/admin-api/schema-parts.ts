import { type TSchema, Type } from "typebox";

/** A time on output: RFC 3339 in UTC. */
export const timeSchema = Type.String({
  format: "date-time",
  description: "RFC 3339, UTC.",
  examples: ["2026-01-05T08:00:00.000Z"],
});

/** A MAC address on output. */
export const macAddressSchema = Type.String({
  pattern: "^([0-9a-f]{2}:){5}[0-9a-f]{2}$",
  examples: ["80:5e:c0:aa:bb:cc"],
});

/** A MAC address on input; the rule that reads it says what is wrong. */
export const macAddressInput = Type.String({
  description:
    "In any usual form: 805ec0aabbcc, 80:5E:C0:AA:BB:CC, 80-5e-c0-aa-bb-cc, 805e.c0aa.bbcc.",
  examples: ["80:5e:c0:aa:bb:cc"],
});

/** The path parameter of a device. */
export const macAddressParams = Type.Object({ mac: macAddressInput });

/** This, or null. */
export function nullable<Schema extends TSchema>(schema: Schema, description?: string) {
  return Type.Union([schema, Type.Null()], description === undefined ? {} : { description });
}

/** Items on a page when `limit` is absent, and at the most. */
export const pageLimits = { usual: 100, most: 1000 } as const;

/** The query of every list. */
export const pageQuery = {
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: pageLimits.most,
      default: pageLimits.usual,
      description: "Items on a page.",
    }),
  ),
  cursor: Type.Optional(
    Type.String({ maxLength: 512, description: "`nextCursor` of the page before." }),
  ),
};

/** One page of a list. */
export function pageOf<Item extends TSchema>(item: Item) {
  return Type.Object(
    {
      items: Type.Array(item),
      nextCursor: nullable(Type.String(), "Null on the last page."),
    },
    { description: "One page." },
  );
}

/** Milliseconds since 1970 as RFC 3339 in UTC. */
export function formatTime(milliseconds: number): string {
  return new Date(milliseconds).toISOString();
}

/** The same, or null. */
export function formatTimeOrNull(milliseconds: number | null | undefined): string | null {
  return milliseconds === null || milliseconds === undefined ? null : formatTime(milliseconds);
}
